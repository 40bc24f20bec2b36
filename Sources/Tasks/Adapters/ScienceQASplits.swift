internal import InputFiles
internal import StrictJSON

/// Which split a problem is of, and its place in the order of all.
struct ScienceQASplits {
    private var places: [[UInt8]: (place: Int, part: Int)] = [:]
    private var isTaken: [Bool] = []
    private let file: String
    /// SHA-256 (hex) of the file's content.
    private(set) var digest = ""

    init(_ file: InputFile) throws {
        self.file = file.path
        var seen: Set<String> = []
        digest = try file.readJSON { scanner in
            try scanner.forEachMember { name, list in
                guard let part = ScienceQAFile.parts.firstIndex(of: name) else {
                    return try list.skip()
                }
                seen.insert(name)
                try list.forEachElement { try add(&$0, part: part) }
            }
        }
        for name in ScienceQAFile.parts where !seen.contains(name) {
            throw TasksError(.data, at: file.path, "has no \"\(name)\"")
        }
        // Splits come one behind the other, whatever the order of the file.
        let order = places.values.sorted { ($0.part, $0.place) < ($1.part, $1.place) }
        var ranks = [Int](repeating: 0, count: order.count)
        for (rank, entry) in order.enumerated() { ranks[entry.place] = rank }
        for (pid, entry) in places { places[pid] = (ranks[entry.place], entry.part) }
        isTaken = [Bool](repeating: false, count: places.count)
    }

    private mutating func add(_ element: inout JSONScanner, part: Int) throws {
        let pid = try element.string()
        let entry = (place: places.count, part: part)
        if let first = places.updateValue(entry, forKey: Array(pid.utf8)) {
            throw element.failure(
                "problem \(pid.beginning) is in \(ScienceQAFile.parts[first.part]) already"
            )
        }
    }

    /// The place of a problem, nil for one of no split.
    mutating func take(_ pid: String) -> (place: Int, part: Int)? {
        guard let entry = places[Array(pid.utf8)] else { return nil }
        isTaken[entry.place] = true
        return entry
    }

    /// Makes sure that every problem of a split was there.
    func checkComplete(problems: String) throws(TasksError) {
        let missing = places.filter { !isTaken[$0.value.place] }
        guard let first = missing.min(by: { $0.value.place < $1.value.place }) else { return }
        throw TasksError(
            .data,
            at: problems,
            "\(missing.count) of the \(places.count) problems of \(file) are missing, the first "
                + "is \(String(decoding: first.key, as: UTF8.self))"
        )
    }
}
