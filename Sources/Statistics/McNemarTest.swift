/// McNemar's exact test of two yes-or-no results on the same samples ("Note on the sampling error of
/// the difference between correlated proportions or percentages", 1947).
public enum McNemarTest {
    /// The chance of so uneven a split of the samples that changed, if either way is as likely.
    /// - Parameters:
    ///   - gained: samples that were wrong and are right.
    ///   - lost: samples that were right and are wrong.
    /// - Returns: two-sided p, 0…1; 1 if nothing changed. Exchanging the two changes no bit.
    public static func probability(gained: Int, lost: Int) -> Double {
        precondition(gained >= 0 && lost >= 0, "McNemarTest: \(gained) gained, \(lost) lost")
        let (fewer, changed) = (min(gained, lost), gained + lost)
        guard changed > 0, fewer * 2 < changed else { return 1 }
        // P(X ≤ k) of a binomial with n trials of ½ is I_½(n − k, k + 1).
        let tail = regularizedIncompleteBeta(
            0.5,
            a: Double(changed - fewer),
            b: Double(fewer + 1)
        )
        return min(1, 2 * tail)
    }
}
