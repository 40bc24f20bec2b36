import EvalCore
import Evaluation
import Reporting
import Tasks

/// Makes a run's samples into what pages show: prompts from task file and data, pictures small.
struct SampleViews {
    private let run: RunSummary
    private let queries: Result<StoredQueries, SampleFailure>
    private let pictures: SitePictures

    /// Reads the run's data, or finds out why that cannot be done.
    /// - Parameters:
    ///   - run: the run.
    ///   - catalog: the task files.
    ///   - root: the data root; nil where none is named that could be the run's.
    ///   - pictures: makes thumbnails.
    /// - Throws: bugs only.
    init(
        of run: RunSummary,
        catalog: TaskCatalog,
        root: String?,
        pictures: SitePictures
    ) throws {
        self.run = run
        self.pictures = pictures
        do {
            queries = .success(try Self.queries(of: run, catalog, root))
        } catch let failure as SampleFailure {
            queries = .failure(failure)
        } catch let error where ExitStatus(for: error) != .bug {
            queries = .failure(Self.failure("\(error)"))
        }
    }

    /// Why no prompt of the run can be shown, nil if they can.
    var problem: String? {
        if case .failure(let failure) = queries { failure.message } else { nil }
    }

    /// The views of some samples, in their order.
    /// - Throws: `CommandError` if a thumbnail cannot be written.
    func views(of records: [SampleRecord]) throws -> [SampleView] {
        switch prepared(for: records) {
        case .failure(let failure):
            return records.map { SampleView(record: $0, source: .failure(failure)) }
        case .success(let queries):
            return try records.map { record in
                SampleView(record: record, source: try source(of: record, queries))
            }
        }
    }

    private func prepared(for records: [SampleRecord]) -> Result<StoredQueries, SampleFailure> {
        queries.flatMap { queries in
            do {
                try queries.prepare(records.map(\.id))
                return .success(queries)
            } catch {
                return .failure(Self.failure("\(error)"))
            }
        }
    }

    private func source(
        of record: SampleRecord,
        _ queries: StoredQueries
    ) throws -> Result<SampleView.Source, SampleFailure> {
        let query: Query?
        do {
            query = try queries.query(of: record)
        } catch let error where ExitStatus(for: error) != .bug || error is SampleFailure {
            return .failure(Self.failure("\(error)"))
        }
        guard let query else {
            return .failure(Self.failure("the data root has no such sample, or not its shots"))
        }
        return .success(try source(of: record, query))
    }

    private func source(of record: SampleRecord, _ query: Query) throws -> SampleView.Source {
        SampleView.Source(
            question: Self.question(query.prompt),
            pictures: try query.sample.images.map(pictures.view),
            shots: try query.shots.enumerated().map { index, shot in
                let similarities = record.similarities ?? []
                return SampleView.ShotView(
                    id: shot.sample.id,
                    answer: shot.answer,
                    pictures: try shot.isTextOnly ? [] : shot.sample.images.map(pictures.view),
                    similarity: similarities.indices.contains(index) ? similarities[index] : nil
                )
            },
            prompts: try query.prompts.map { try $0.segments.map(piece) },
            references: query.sample.target.texts(candidates: query.candidates),
            candidates: query.candidates,
            isLabelFound: Self.isLabelFound(record, query.sample.target),
            hasStoredShots: query.shots.map(\.sample.id) == record.shotIDs
        )
    }

    private func piece(_ segment: Segment) throws -> SampleView.Piece {
        switch segment {
        case .markup(let text): .markup(text)
        case .text(let text): .text(text)
        case .image(let image): .picture(try pictures.view(image))
        }
    }

    /// What the query itself says: the sample's texts behind the last picture.
    private static func question(_ prompt: Prompt) -> String {
        let last = prompt.segments.lastIndex { if case .image = $0 { true } else { false } }
        let rest = prompt.segments[((last ?? -1) + 1)...]
        let texts = rest.compactMap { if case .text(let text) = $0 { text } else { nil } }
        return texts.joined(separator: " · ")
    }

    private static func isLabelFound(_ record: SampleRecord, _ target: Target) -> Bool? {
        guard case .label(let label) = target, let answer = record.answer else { return nil }
        return answer.utf8.elementsEqual(label.utf8)
    }

    private static func queries(
        of run: RunSummary,
        _ catalog: TaskCatalog,
        _ root: String?
    ) throws -> StoredQueries {
        let recipe = run.plan.recipe
        guard recipe.selection != "fixed" else {
            throw failure("the list of a fixed selection is not stored")
        }
        guard let root else { throw failure("--data names no data root for this run") }
        let task = try catalog.task(recipe.task)
        guard task.digest == recipe.taskDigest else {
            throw failure("the task file has changed since the run")
        }
        return try StoredQueries(of: run, RunRequest(recipe, task: task, dataRoot: root))
    }

    private static func failure(_ message: String) -> SampleFailure {
        SampleFailure(code: "prompt_unavailable", message: message)
    }
}

extension RunRequest {
    /// What a stored run asked for; its list of fixed shots is not known.
    init(_ recipe: RunRecipe, task: TaskDefinition, dataRoot: String) {
        self.init(task: task, dataRoot: dataRoot, shots: recipe.shots)
        split = recipe.split
        seed = recipe.seed
        selection =
            switch recipe.selection {
            case "none": .none
            case "rices": .rices
            default: .random
            }
        supportSize = recipe.supportSize > 0 ? recipe.supportSize : nil
        promptProtocol = recipe.promptProtocol
        variant = recipe.variant
    }
}
