// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

// Kernels and codecs are optimised in debug builds too, or parity tests crawl. Contraction is off
// so that a sum has the same bits in every build.
let optimisedC: [CSetting] = [
    .unsafeFlags(["-O3", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror"])
]

let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")

/// A room: one folder, one target, one concern; `uses` is all that it may import.
func room(_ name: String, _ uses: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: uses, swiftSettings: strict)
}

/// The tests of a room; they see the room, TestSupport and what they name.
///
/// `fixtures` says that the folder has files that only the tests themselves read.
func tests(
    _ subject: String,
    _ uses: [Target.Dependency] = [],
    fixtures: Bool = false
) -> Target {
    .testTarget(
        name: "\(subject)Tests",
        dependencies: [.byName(name: subject), "TestSupport"] + uses,
        exclude: fixtures ? ["Fixtures"] : [],
        swiftSettings: strict
    )
}

let package = Package(
    name: "idefics-eval",
    products: [.executable(name: "idefics-eval", targets: ["idefics-eval"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Level 0
        room("EvalCore"),
        room("StrictJSON"),
        room("InputFiles", ["CZlib", crypto]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CKernels", cSettings: optimisedC, linkerSettings: [.linkedLibrary("m")]),
        .systemLibrary(
            name: "COpenBLAS",
            pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"])]
        ),
        .target(
            name: "CImageCodecs",
            cSettings: optimisedC,
            linkerSettings: [.linkedLibrary("jpeg"), .linkedLibrary("png")]
        ),
        // Level 1
        room("Tasks", ["EvalCore", "StrictJSON", "InputFiles", yams]),
        room("Prompting", ["EvalCore"]),
        room("Scoring", ["EvalCore"]),
        room("Statistics"),
        room("RunStore", ["EvalCore", "InputFiles", grdb]),
        room("Tensors", ["CKernels", "StrictJSON", "InputFiles"]),
        room("Tokenizers", ["StrictJSON", "InputFiles"]),
        room("Images", ["CImageCodecs", "InputFiles"]),
        // Level 2
        room("ShotSelection", ["EvalCore", "Tensors"]),
        room("Checkpoints", ["Tensors", "StrictJSON", "InputFiles"]),
        room("Comparison", ["EvalCore", "Statistics", "InputFiles"]),
        // Level 3
        room(
            "Evaluation",
            [
                "EvalCore", "InputFiles", "Tasks", "ShotSelection", "Prompting", "Scoring",
                "Statistics",
            ]
        ),
        room("Models", ["Tensors", "Checkpoints"]),
        // Level 4
        room("Reporting", ["EvalCore", "InputFiles", "Statistics", "Comparison"]),
        room(
            "LocalEngine",
            [
                "EvalCore", "Models", "Checkpoints", "Tensors", "Tokenizers", "Images",
                "InputFiles",
            ]
        ),
        // Level 5
        .executableTarget(
            name: "idefics-eval",
            dependencies: [
                "EvalCore", "StrictJSON", "InputFiles", "Tasks", "ShotSelection", "Prompting",
                "Scoring", "Statistics", "RunStore", "Evaluation", "Comparison", "Reporting",
                "LocalEngine", "Images", argumentParser,
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "EvalCore", "CKernels", "COpenBLAS", "StrictJSON", "InputFiles", "Tensors",
                "Tokenizers", "Images", "Checkpoints", "Models", "LocalEngine", "Tasks", "Scoring",
                "Statistics", "Prompting", "ShotSelection", "RunStore", "Evaluation",
            ],
            path: "Benchmarks",
            swiftSettings: strict
        ),
        // Tests
        .target(
            name: "TestSupport",
            dependencies: ["EvalCore"],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),
        tests("EvalCore"),
        tests("StrictJSON"),
        tests("InputFiles", fixtures: true),
        tests("Tokenizers", ["StrictJSON"], fixtures: true),
        tests("Images", ["InputFiles", "StrictJSON"], fixtures: true),
        tests("CKernels"),
        tests("Tensors", ["CKernels", "COpenBLAS", "StrictJSON"], fixtures: true),
        tests("Checkpoints", ["Tensors"]),
        tests("Models", ["Checkpoints", "Tensors", "StrictJSON"], fixtures: true),
        tests(
            "LocalEngine",
            ["EvalCore", "Models", "Checkpoints", "Tensors", "Tokenizers", "Images", "StrictJSON"],
            fixtures: true
        ),
        tests("Tasks", ["EvalCore", "StrictJSON"], fixtures: true),
        tests("ShotSelection", ["EvalCore", "Tensors"]),
        tests("Prompting", ["EvalCore"]),
        tests("Scoring", ["EvalCore", "StrictJSON"], fixtures: true),
        tests("Statistics", ["EvalCore"], fixtures: true),
        tests("RunStore", ["EvalCore", grdb], fixtures: true),
        tests(
            "Evaluation",
            ["EvalCore", "InputFiles", "Tasks", "Prompting", "Scoring", "ShotSelection"],
            fixtures: true
        ),
        tests("Reporting", ["EvalCore", "InputFiles", "Comparison", "Statistics"]),
        tests("Comparison", ["EvalCore", "Statistics"]),
        .testTarget(
            name: "CommandTests",
            dependencies: ["idefics-eval", "TestSupport", "StrictJSON"],
            swiftSettings: strict
        ),
    ]
)
