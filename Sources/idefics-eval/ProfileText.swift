import LocalEngine
import Reporting
import Tensors

/// Where the time of a command went, for people.
enum ProfileText {
    private static let beside: [ProfileStage] = [.imageDecoding, .tokenising]

    /// Measures what the machine gives and prints the table to stderr.
    /// - Parameters:
    ///   - profile: of the engine.
    ///   - options: of the same engine: peak is that of its precision and threads.
    /// - Throws: `LocalEngineError`.
    static func show(_ profile: StageProfile, _ options: LocalEngineOptions) throws {
        guard !profile.parts.isEmpty else { return Output.note("profile: nothing was computed") }
        let peak = try MachineRate.measured(options)
        Output.rawNote(text(profile.parts, peak: peak, precision: options.precision.rawValue))
    }

    static func text(
        _ parts: [ProfileStage: StageProfile.Part],
        peak: MachineRate,
        precision: String
    ) -> String {
        var table = AlignedTable([
            ("part", .left), ("seconds", .right), ("share", .right), ("TFLOP", .right),
            ("GFLOP/s", .right), ("of peak", .right),
        ])
        let own = ProfileStage.allCases.filter { !beside.contains($0) && parts[$0] != nil }
        let total = own.reduce(into: StageProfile.Part()) { sum, stage in
            sum.seconds += parts[stage]?.seconds ?? 0
            sum.operations += parts[stage]?.operations ?? 0
        }
        for stage in own {
            table.add(row(stage.rawValue, parts[stage] ?? StageProfile.Part(), total, peak))
        }
        table.add(row("engine", total, total, peak))
        for stage in beside {
            guard let part = parts[stage] else { continue }
            table.add([stage.rawValue, part.seconds.fixed(2), "beside", "", "", ""])
        }
        let rate = (peak.productFLOPs / 1e9).fixed(0)
        return table.text + "peak: \(rate) GFLOP/s, the best 512 × 1024 × 1024 product in "
            + "\(precision) just now; decoding is bound by weights at "
            + "\((peak.bytesPerSecond / 1e9).fixed(1)) GB/s\n"
    }

    private static func row(
        _ name: String,
        _ part: StageProfile.Part,
        _ total: StageProfile.Part,
        _ peak: MachineRate
    ) -> [String] {
        let share = total.seconds > 0 ? part.seconds / total.seconds : 0
        let start = [name, part.seconds.fixed(2), "\((100 * share).fixed(1)) %"]
        guard part.operations > 0, part.seconds > 0 else { return start + ["", "", ""] }
        let rate = part.operations / part.seconds
        return start + [
            (part.operations / 1e12).fixed(2), (rate / 1e9).fixed(0),
            "\((100 * rate / peak.productFLOPs).fixed(0)) %",
        ]
    }
}
