import Foundation
import Tasks
import TestSupport
import Testing

struct RunMatrixTests {
    private static func read(_ yaml: String, name: String = "m.yaml") throws -> RunMatrix {
        try RunMatrix(bytes: Array(yaml.utf8), file: name)
    }

    @Test func listsOrSingleValuesAreRead() throws {
        let matrix = try Self.read(
            """
            format: 1
            models:
              - demo
              - {model: ../idefics-9b, precision: [bf16, int8], variant: instruct}
            data: datasets
            tasks: [vqav2, card]
            shots: [0, 4]
            seeds: 7
            selection: [random, "fixed:list.txt"]
            label: nightly
            """,
            name: "folder/m.yaml"
        )
        let models = try #require(matrix.models)
        #expect(models.map(\.path) == [nil, "folder/../idefics-9b"])
        #expect(models[1].precisions?.map(\.text) == ["bf16", "int8"])
        #expect(models[1].variants?.map(\.text) == ["instruct"])
        #expect(matrix.data == "folder/datasets")
        #expect(matrix.label == "nightly")
        #expect(matrix.grids.count == 1)
        let grid = matrix.grids[0]
        #expect(grid.tasks?.map(\.text) == ["vqav2", "card"])
        #expect(grid.shots == [0, 4])
        #expect(grid.seeds == [7])
        #expect(grid.selections?.map(\.text) == ["random", "fixed:folder/list.txt"])
        #expect(grid.limit == nil)
        #expect(matrix.places["shots"] == "folder/m.yaml:7")
        #expect(matrix.places["precision"] == "folder/m.yaml:4")
        #expect(matrix.places["limit"] == nil)
    }

    @Test func gridsTakeFromTheFileWhatTheyLeaveOpen() throws {
        let matrix = try Self.read(
            """
            format: 1
            shots: [0, 4]
            seeds: [1, 2]
            grids:
              - {tasks: vqav2, limit: 10}
              - tasks: imagenet
                shots: 16
                selection: rices
            """
        )
        #expect(matrix.models == nil)
        #expect(matrix.grids.map { $0.tasks?.map(\.text) } == [["vqav2"], ["imagenet"]])
        #expect(matrix.grids.map(\.shots) == [[0, 4], [16]])
        #expect(matrix.grids.map(\.seeds) == [[1, 2], [1, 2]])
        #expect(matrix.grids.map(\.limit) == [10, nil])
        #expect(matrix.places["selection"] == "m.yaml:8")
    }

    @Test(
        arguments: [
            ("format: 1\nshot: 4", "m.yaml:2: unknown key \"shot\", did you mean \"shots\"?"),
            ("format: 1\nshots: 4\nshots: 8", "m.yaml:2: the key \"shots\" stands twice"),
            ("format: 2", "m.yaml:1: format: this program reads matrix files of format 1"),
            ("tasks: vqav2", "m.yaml:1: has no \"format\""),
            ("format: 1\nshots: [4, 4]", "m.yaml:2: shots[1]: 4 stands twice"),
            ("format: 1\nshots: four", "shots: expected an integer"),
            ("format: 1\nshots: -1", "shots: expected 0 to 100000, got -1"),
            ("format: 1\nshots: []", "shots: an empty list; leave out the key"),
            ("format: 1\nlimit: 0", "m.yaml:2: limit: expected 1"),
            ("format: 1\nlimit: [1]", "limit: expected an integer, got a list"),
            ("format: 1\nselection: rice", "unknown selection \"rice\", did you mean \"rices\"?"),
            ("format: 1\nprotocol: m5", "unknown protocol \"m5\"; known: m4, openflamingo"),
            ("format: 1\nvariant: bass", "unknown variant \"bass\", did you mean \"base\"?"),
            ("format: 1\ntasks: [a, a]", "m.yaml:2: tasks[1]: \"a\" stands twice"),
            ("format: 1\nseeds: [1.5]", "seeds[0]: expected an integer"),
            ("format: 1\nmodels: [{precision: f32}]", "models[0]: has no \"model\""),
            ("format: 1\nmodels: [{model: a, shots: 1}]", "unknown key of models[0] \"shots\""),
            ("format: 1\nmodels: [demo, demo]", "models[1]: this model stands twice"),
            ("format: 1\ngrids: [{models: a}]", "unknown key of grids[0] \"models\""),
            ("format: 1\ngrids: vqav2", "grids: expected a list"),
            ("format: 1\nlabel: &a x", "m.yaml:2: an anchor"),
            ("", "m.yaml:1: is empty"), ("[]", "m.yaml:1: expected a mapping, got a list"),
            ("format: 1\ntasks: [\u{0}]", "m.yaml:2: a control character"),
        ]
    )
    func whatIsWrongIsNamedWithItsLine(yaml: String, message: String) throws {
        let error = try #require(throws: TasksError.self) { try Self.read(yaml) }
        #expect("\(error)".contains(message), "\(error)")
    }

    @Test func everyPrefixOfAFileIsReadOrRefused() {
        let yaml = """
            format: 1
            models: [demo, {model: "x y", variant: [base, instruct]}]
            grids:
              - {tasks: [a, b], shots: [0, 1], seeds: [1]}
            """
        let bytes = Array(yaml.utf8)
        for count in bytes.indices {
            _ = try? RunMatrix(bytes: Array(bytes[..<count]), file: "m.yaml")
        }
    }

    @Test func aFileThatCannotBeReadIsAMistakeInTheRequest() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("none.yaml").path
            let missing = try #require(throws: TasksError.self) { try RunMatrix.read(path) }
            #expect(missing.kind == .request)
            #expect("\(missing)".contains("none.yaml"))
            try Data("format: one".utf8).write(to: URL(fileURLWithPath: path))
            let broken = try #require(throws: TasksError.self) { try RunMatrix.read(path) }
            #expect(broken.kind == .request)
            #expect(broken.place == "\(path):1")
        }
    }
}
