import EvalCore
import Foundation
import Tasks
import TestSupport
import Testing

/// What the shipped task files say, against protocol.md sections 2.1-2.6 and 3.1-3.4,
/// contracts.md sections 4 and 7 and datasets.md section 3.
struct ShippedTaskTests {
    /// Task, default split, size of the val-query slice.
    @Test(
        arguments: [
            ("okvqa", "val", 1024), ("textvqa", "val", 1024), ("vizwiz", "val", 1024),
            ("coco", "test", 5000), ("textcaps", "val", 5000), ("flickr30k", "test", 5000),
            ("nocaps", "val", nil),
        ] as [(String, String, Int?)]
    )
    func slicesHaveTheSizesOfTheProtocol(task: String, split: String, query: Int?) throws {
        let task = try shippedTask(task)
        #expect(task.defaultSplit == split)
        let slices = task.splits.filter { if case .slice = $0.origin { true } else { false } }
        let names = ["val-support", "test-support"] + (query == nil ? [] : ["val-query"])
        #expect(slices.map(\.name) == names)
        #expect(slices.map(\.count) == [2048, 2048] + (query.map { [$0] } ?? []))
        #expect(slices.map(\.support) == [nil, nil] + (query == nil ? [] : ["val-support"]))
    }

    /// Task, id key, type of ids, value key, categories.
    @Test(
        arguments: [
            ("okvqa", "question_id", .integer, "answer", ["answer_type", "question_type"]),
            ("textvqa", "question_id", .integer, "answer", []),
            ("vizwiz", "image", .string, "answer", ["answer_type"]),
            ("coco", "image_id", .integer, "caption", []),
            ("textcaps", "image_id", .string, "caption", []),
            ("nocaps", "image_id", .integer, "caption", ["domain"]),
            ("flickr30k", "image_id", .string, "caption", []),
        ] as [(String, String, PredictionFormat.IDType, String, [String])]
    )
    func predictionFilesHaveTheShapesOfTheContract(
        task: String,
        id: String,
        type: PredictionFormat.IDType,
        value: String,
        breakdown: [String]
    ) throws {
        let task = try shippedTask(task)
        #expect(task.predictions.idKey == id)
        #expect(task.predictions.idType == type)
        #expect(task.predictions.valueKey == value)
        #expect(task.breakdown == breakdown)
        #expect(task.cluster == .image)
    }

    /// Every file of every split, and the pictures.
    @Test func whatIsMissingIsNamedWithWhereItComesFrom() throws {
        try withTemporaryDirectory { folder in
            for task in try TaskCatalog.load([tasksFolder]).tasks {
                for split in task.splits {
                    guard case .files(let files) = split.origin else { continue }
                    #expect(files.images.from.hasPrefix("http"))
                    let error = #expect(throws: TasksError.self) {
                        try DatasetReader(task: task, root: folder.path).split(split.name, seed: 1)
                    }
                    let message = error?.description ?? ""
                    #expect(
                        files.files.values.contains { file in
                            message.contains(file.path) && message.contains(file.from)
                        },
                        "\(message)"
                    )
                }
            }
        }
    }

    @Test(arguments: ["okvqa", "textvqa", "vizwiz"])
    func questionTasksDifferFromVQAv2InWhatTheProtocolsSay(name: String) throws {
        let (task, vqav2) = (try shippedTask(name), try shippedTask("vqav2"))
        #expect(task.kind == .vqa)
        #expect(
            task.metrics.map(\.name) == vqav2.metrics.map(\.name)
                + (name == "okvqa" ? ["vqa_accuracy_stem_approx"] : [])
        )
        #expect(task.metrics.allSatisfy { $0.version == 1 })
        for variant in TaskDefinition.variants {
            var m4 = try task.promptFormat(protocol: "m4", variant: variant)
            let expected = try vqav2.promptFormat(protocol: "m4", variant: variant)
            if variant == "base", name == "vizwiz" {
                #expect(
                    m4.prefix.source
                        == "<s>Task: Answer the questions based on the image when possible, "
                        + "otherwise say unanswerable.\n"
                )
                m4.prefix = expected.prefix
            }
            #expect(m4 == expected)
            var flamingo = try task.promptFormat(protocol: "openflamingo", variant: variant)
            if name == "textvqa", var settings = flamingo.response.generation {
                #expect(settings.maxNewTokens == 10)
                settings.maxNewTokens = 5
                flamingo.response = .generation(settings)
            }
            #expect(
                try flamingo == vqav2.promptFormat(protocol: "openflamingo", variant: variant)
            )
        }
        for (own, other) in zip(task.protocols, vqav2.protocols) {
            #expect(own.answerSteps.map(\.name) == other.answerSteps.map(\.name))
            #expect(own.answerSteps.map(\.texts) == other.answerSteps.map(\.texts))
            #expect(own.submissionAnswer == other.submissionAnswer)
        }
    }
}

/// The caption tasks' protocols.
struct CaptionTaskTests {
    private static let tasks = ["coco", "textcaps", "nocaps", "flickr30k"]

    @Test(arguments: tasks)
    func metricsAreThoseOfTheContract(name: String) throws {
        let task = try shippedTask(name)
        #expect(task.kind == .caption)
        #expect(
            task.metrics.map(\.name)
                == ["cider", "bleu_1", "bleu_2", "bleu_3", "bleu_4", "rouge_l"]
        )
        #expect(task.metrics.allSatisfy { $0.version == 1 })
    }

    @Test(arguments: tasks)
    func m4TemplatesAreExactToTheByte(name: String) throws {
        let task = try shippedTask(name)
        let base = try task.promptFormat(protocol: "m4", variant: "base")
        #expect(base.prefix.source == "<s>")
        #expect(base.shot.source == "Image:{image}Caption: {answer}\n")
        #expect(base.query.source == "Image:{image}Caption:")
        #expect(base.response.generation?.stopTokens == nil)
        let instruct = try task.promptFormat(protocol: "m4", variant: "instruct")
        #expect(instruct.prefix.source == "<s>")
        #expect(
            instruct.shot.source
                == "User:{image}Describe the image briefly.<end_of_utterance>\n"
                + "Assistant: {answer}<end_of_utterance>\n"
        )
        #expect(
            instruct.query.source
                == "User:{image}Describe the image briefly.<end_of_utterance>\nAssistant:"
        )
        #expect(
            instruct.response.generation?.stopTokens
                == [.text("</s>"), .text("<end_of_utterance>")]
        )
        for format in [base, instruct] {
            #expect(format.stripsEnds)
            #expect(format.shotAnswer == .random)
            #expect(format.zeroShot == .samePair)
            #expect(format.response.generation?.maxNewTokens == 20)
            #expect(format.response.generation?.beams == 1)
            #expect(
                format.response.generation?.stop
                    == ["Caption", "Description", "User", "Image", "task"]
            )
            #expect(format.response.generation?.badWords.count == 4)
        }
        let m4 = try task.protocolDefinition("m4")
        #expect(m4.answerSteps.isEmpty)
        #expect(m4.submissionAnswer == .asIs)
    }

    @Test(arguments: tasks)
    func openFlamingoFollowsItsOwnRules(name: String) throws {
        let task = try shippedTask(name)
        let format = try task.promptFormat(protocol: "openflamingo", variant: "base")
        #expect(format.prefix.source == "<s>")
        #expect(format.shot.source == "{image}Output:{answer}<|endofchunk|>\n")
        #expect(format.query.source == "{image}Output:")
        #expect(!format.stripsEnds)
        #expect(format.shotAnswer == .firstStripped)
        #expect(format.zeroShot == .pairPerQuery)
        #expect(
            format.response.generation
                == GenerationSettings(maxNewTokens: 20, beams: 3, lengthPenalty: 0)
        )
        #expect(
            try format.endOfChunk
                == shippedTask("vqav2").promptFormat(protocol: "openflamingo", variant: "base")
                .endOfChunk
        )
        let steps = try task.protocolDefinition("openflamingo").answerSteps
        #expect(steps.map(\.name) == ["cut_at", "remove"])
        #expect(steps.map(\.texts) == [["Output"], ["\""]])
    }
}

/// The task files of caption adapters: what the format says of parts, kinds and categories.
struct CaptionTaskFileTests {
    /// Task, what replaces what, words of the message.
    @Test(arguments: [
        ("coco", "[train, restval]", "[train, restvall]", "did you mean \"restval\""),
        ("coco", "    parts: [train, restval]\n", "", "no \"parts\", which adapter karpathy needs"),
        ("coco", "[train, restval]", "[]", "names no part"),
        ("coco", "[train, restval]", "[train, train]", "stands twice"),
        ("coco", "kind: caption", "kind: vqa", "adapter karpathy reads tasks of kind caption"),
        ("coco", "{image}Caption:", "{image}{question}Caption:", "{question}"),
        ("coco", "cluster: image", "breakdown: [domain]", "category of adapter karpathy"),
        ("coco", "{filepath}", "{filpath}", "did you mean \"filepath\""),
        ("textcaps", "{image_id}", "{imageid}", "did you mean \"image_id\""),
        ("nocaps", "breakdown: [domain]", "breakdown: [domains]", "did you mean \"domain\""),
    ])
    func faultsAreNamed(task: String, old: String, new: String, words: String) throws {
        try expectFault(of: task, old, new, words)
    }

    /// NoCaps' shots come from files that know no domains; only its queries need them.
    @Test func aBreakdownConcernsQueriesOnly() throws {
        #expect(try shippedTask("nocaps").breakdown == ["domain"])
    }
}

/// `docs/examples`: a task that the program does not bring.
struct ExampleTaskTests {
    private let folder = repositoryRoot.appendingPathComponent("docs/examples").path

    @Test func theExampleStandsBesideTheShippedTasks() throws {
        let catalog = try TaskCatalog.load([tasksFolder, folder])
        let task = try catalog.task("easy_vqa")
        #expect(task.kind == .vqa)
        #expect(task.metrics.map(\.name) == ["vqa_accuracy"])
        #expect(try task.split(nil).support == "test-support")
    }

    @Test func theExampleReadsItsFiles() throws {
        try withTemporaryDirectory { root in
            for (part, ids) in [("train", 0..<6), ("test", 0..<4)] {
                try write(questions(ids), to: "easy_vqa/\(part)_questions.json", in: root)
                try write(annotations(ids), to: "easy_vqa/\(part)_annotations.json", in: root)
            }
            let task = try TaskCatalog.load([folder]).task("easy_vqa")
            let reader = DatasetReader(task: task, root: root.path)
            let split = try reader.split(nil, seed: 42)
            let picture = split.samples.sample(at: 3).images[0]
            #expect(picture.path == "\(root.path)/easy_vqa/test/1.png")
            let pool = try reader.support(for: split, size: nil, seed: 42)
            #expect(pool.set.items.count == 6)
            // Picture 1 of the training split is another one.
            #expect(pool.set.items.allSatisfy { !$0.imageKeys.contains(picture.key) })
        }
    }
}
