/// One line of a chart: values of one model by number of shots.
struct ChartSeries: Sendable, Hashable {
    /// Whose numbers they are.
    enum Origin: Sendable, Hashable {
        /// Runs of the store; the number chooses the colour.
        case own(Int)
        /// Printed by the makers of a model.
        case published(Family)
    }

    /// Published models that share a look.
    enum Family: Sendable, Hashable {
        case idefics
        case flamingo
        case openFlamingo
    }

    /// One value.
    struct Point: Sendable, Hashable {
        var shots: Int
        /// As shown: scaled.
        var value: Double
        /// The 95 % interval as shown; nil where there is none.
        var interval: ClosedRange<Double>?
        /// What a pointer that rests on it reads.
        var text: String
    }

    var name: String
    var origin: Origin
    /// The larger or tuned of models that share a look have filled marks.
    var isFilled: Bool
    /// By number of shots, each once, ascending; never empty.
    var points: [Point]

    var isOwn: Bool { if case .own = origin { true } else { false } }
}
