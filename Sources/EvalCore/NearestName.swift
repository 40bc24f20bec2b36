/// The name that was probably meant.
/// - Parameters:
///   - name: a name that does not exist.
///   - names: those that do.
/// - Returns: the one with the fewest insertions, deletions and replacements of bytes, of equals
///   the first; nil if even that differs in more than a third of the longer name.
public func nearestName(to name: String, among names: some Sequence<String>) -> String? {
    // Names come from users and files: the cost of a comparison must not grow with their length.
    let wanted = Array(name.utf8.prefix(64))
    var best: (name: String, distance: Int)?
    for candidate in names {
        let bytes = Array(candidate.utf8.prefix(64))
        let distance = editDistance(wanted, bytes)
        guard distance * 3 <= max(wanted.count, bytes.count) else { continue }
        if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
    }
    return best?.name
}

private func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var row = Array(0...second.count)
    for (i, byte) in first.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, other) in second.enumerated() {
            let replaced = diagonal + (byte == other ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, min(row[j], row[j + 1]) + 1)
        }
    }
    return row[second.count]
}
