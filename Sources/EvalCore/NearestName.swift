/// The name that was probably meant.
/// - Parameters:
///   - name: a name that does not exist.
///   - names: those that do.
/// - Returns: the one with the fewest insertions, deletions, replacements and swaps of bytes, of
///   equals the first; nil if even that differs in more than a third of the longer name.
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
    var rows = [[Int]](repeating: Array(0...second.count), count: first.count + 1)
    for i in first.indices {
        rows[i + 1][0] = i + 1
        for j in second.indices {
            let replaced = rows[i][j] + (first[i] == second[j] ? 0 : 1)
            var distance = min(replaced, rows[i][j + 1] + 1, rows[i + 1][j] + 1)
            let isSwap = i > 0 && j > 0 && first[i] == second[j - 1] && first[i - 1] == second[j]
            if isSwap { distance = min(distance, rows[i - 1][j - 1] + 1) }
            rows[i + 1][j + 1] = distance
        }
    }
    return rows[first.count][second.count]
}
