import InputFiles
import Models
import Synchronization

/// What the model has made of pictures, by the digest of their pixel values.
///
/// Support pictures repeat, so a picture goes through the vision tower once as long as its states
/// fit. An entry begins as pixels that wait for the tower and becomes states. Entries that a
/// request needs are pinned; of the others the least recently used go first when the states take
/// more than `byteLimit`. Safe to use from any thread.
final class ImageLatentCache: Sendable {
    fileprivate struct Entry {
        var pixels: [Float]?
        var states: ImageStates?
        var pins = 0
        /// Files known to decode to these pixels.
        var files: [FileIdentity] = []
        /// The use that `uses` must name for the entry to be evicted.
        var lastUse = 0
        var byteCount: Int { states?.byteCount ?? 0 }
    }

    fileprivate struct State {
        var entries: [String: Entry] = [:]
        var digests: [FileIdentity: String] = [:]
        /// Digests whose pixels wait for the tower, in order of arrival.
        var waiting: [String] = []
        /// Uses of entries, oldest first; an entry's own `lastUse` tells which of them counts.
        var uses: ArraySlice<(digest: String, use: Int)> = []
        var clock = 0
        var byteCount = 0
        var pinnedByteCount = 0
    }

    private let state = Mutex(State())
    private let byteLimit: Int

    /// - Parameter byteLimit: bytes of states that may stay; pinned ones may exceed it.
    init(byteLimit: Int) { self.byteLimit = byteLimit }

    /// Bytes of the states that requests in flight need.
    var pinnedByteCount: Int { state.withLock { $0.pinnedByteCount } }

    /// Pictures that wait for the tower as pixels.
    var waitingCount: Int { state.withLock { $0.waiting.count } }
}

// MARK: Pins

extension ImageLatentCache {
    /// Pins the picture that a file is known to show.
    /// - Returns: its digest, nil if the file has to be read.
    func pin(_ file: FileIdentity) -> String? {
        state.withLock { state -> String? in
            guard let digest = state.digests[file] else { return nil }
            state.pin(digest)
            return digest
        }
    }

    /// Pins a picture by its pixels, which are kept if they are new.
    func pin(_ digest: String, pixels: [Float], of file: FileIdentity) {
        state.withLock { state in
            if state.entries[digest] == nil {
                state.entries[digest] = Entry(pixels: pixels)
                state.waiting.append(digest)
            }
            if state.digests.updateValue(digest, forKey: file) == nil {
                state.entries[digest]?.files.append(file)
            }
            state.pin(digest)
        }
    }

    /// Takes back one pin of each digest.
    func unpin(_ digests: [String]) {
        state.withLock { state in
            for digest in digests { state.unpin(digest) }
            state.evict(downTo: byteLimit)
        }
    }
}

// MARK: Encoding

extension ImageLatentCache {
    /// Pictures whose pixels wait for the tower: those of `digests` first, then other ones.
    /// - Returns: at most `count`, each once.
    func waiting(first digests: [String], count: Int) -> [(digest: String, pixels: [Float])] {
        state.withLock { state in
            var chosen: [(digest: String, pixels: [Float])] = []
            var seen: Set<String> = []
            for digest in digests + state.waiting where chosen.count < count {
                guard seen.insert(digest).inserted,
                    let pixels = state.entries[digest]?.pixels
                else { continue }
                chosen.append((digest, pixels))
            }
            return chosen
        }
    }

    /// Replaces a picture's pixels by its states.
    func store(_ states: ImageStates, for digest: String) {
        state.withLock { state in
            state.waiting.removeAll { $0 == digest }
            guard var entry = state.entries[digest] else { return }
            entry.pixels = nil
            entry.states = states
            state.entries[digest] = entry
            state.byteCount += entry.byteCount
            if entry.pins > 0 { state.pinnedByteCount += entry.byteCount }
            state.evict(downTo: byteLimit)
        }
    }

    /// The states of pinned pictures in the given order; nil if some are still to be made.
    func states(of digests: [String]) -> [ImageStates]? {
        state.withLock { state -> [ImageStates]? in
            var result: [ImageStates] = []
            for digest in digests {
                guard let states = state.entries[digest]?.states else { return nil }
                result.append(states)
            }
            return result
        }
    }
}

// MARK: Bookkeeping

extension ImageLatentCache.State {
    mutating func pin(_ digest: String) {
        guard var entry = entries[digest] else { preconditionFailure("pin of an absent picture") }
        if entry.pins == 0 { pinnedByteCount += entry.byteCount }
        entry.pins += 1
        entries[digest] = entry
    }

    mutating func unpin(_ digest: String) {
        guard var entry = entries[digest], entry.pins > 0 else {
            preconditionFailure("a picture was unpinned more often than pinned")
        }
        entry.pins -= 1
        clock += 1
        entry.lastUse = clock
        entries[digest] = entry
        guard entry.pins == 0 else { return }
        pinnedByteCount -= entry.byteCount
        if entry.states == nil {
            // Its request is gone before the tower saw it: pixels are not worth keeping.
            waiting.removeAll { $0 == digest }
            remove(digest)
        } else {
            uses.append((digest, clock))
        }
    }

    /// Drops unpinned entries, least recently used first.
    mutating func evict(downTo limit: Int) {
        while byteCount > limit, let oldest = uses.popFirst() {
            let entry = entries[oldest.digest]
            guard let entry, entry.pins == 0, entry.lastUse == oldest.use else { continue }
            byteCount -= entry.byteCount
            remove(oldest.digest)
        }
        compact()
    }

    private mutating func remove(_ digest: String) {
        for file in entries.removeValue(forKey: digest)?.files ?? [] {
            digests.removeValue(forKey: file)
        }
    }

    /// Forgets uses that were followed by later ones, once they are most of the list.
    private mutating func compact() {
        guard uses.count > 2 * entries.count + 64 else { return }
        uses =
            uses.filter { use in
                entries[use.digest].map { $0.pins == 0 && $0.lastUse == use.use } ?? false
            }[...]
    }
}
