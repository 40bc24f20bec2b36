/// Why a run cannot be prepared or goes no further.
public enum EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Pictures that the chosen samples and shots name do not exist.
    case missingImages(count: Int, total: Int, first: String, sample: String, from: String)
    /// Support pictures that shots would be chosen from cannot be read.
    case supportUnreadable(
        count: Int,
        total: Int,
        slice: String,
        firstID: String,
        firstMessage: String
    )
    /// `--full-split` was asked for and fewer samples than published would be evaluated.
    case notFullSplit(split: String, count: Int, published: Int)
    /// There are no two candidates to choose between.
    case tooFewCandidates(split: String)
    /// The split has no sample of that position.
    case indexOutOfRange(index: Int, count: Int, split: String)
    /// The task file asks for another version of a metric than this program has.
    case metricVersion(metric: String, wanted: Int, known: Int, place: String)
    /// The task file names what there is not.
    case taskFile(place: String, reason: String)
    /// More samples failed than a run bears.
    case tooManyFailures(count: Int, allowed: Int, firstID: String, firstMessage: String)
    /// The engine that was loaded is not the one that the run was planned with.
    case engineChanged(model: String)
    /// The checkpoint's tokenizer lacks a token that ends this variant's answers.
    case stopTokenUnknown(token: String, model: String, promptProtocol: String, variant: String)
    /// Document frequencies were given to a task that has no use for them.
    case noDocumentFrequencies(task: String)
    /// The reference file or split has no labels to score against.
    case noLabels(split: String)
    /// The annotations are not those that a stored run was made with.
    case otherData(run: String, dataRoot: String)
    /// A stored answer has scores of other candidates than its query.
    case otherCandidates(run: String, sampleID: String, expected: Int, got: Int)

    /// One line: what, where, expected and got, what to do next.
    public var description: String {
        switch self {
        case .missingImages(let count, let total, let first, let sample, let from):
            "\(count) of \(total) images are missing, the first is \(first) (sample \(sample)); "
                + "they come from \(from) (--data names the folder above)"
        case .supportUnreadable(let count, let total, let slice, let firstID, let message):
            "\(count) of \(total) support pictures (\(slice)) cannot be compared, the first is of "
                + "sample \(firstID): \(message); mend or remove them: shots chosen from the rest "
                + "would be others"
        case .notFullSplit(let split, let count, let published):
            "split \(split): \(count) of \(published) published samples would be evaluated; "
                + "leave out --full-split to run the subset"
        case .tooFewCandidates(let split):
            "split \(split) has fewer than two candidates to choose between; are all classes there?"
        case .indexOutOfRange(let index, let count, let split):
            "there is no sample \(index): split \(split) has \(count), counted from 0"
        case .taskFile(let place, let reason): "\(place): \(reason)"
        case .metricVersion(let metric, let wanted, let known, let place):
            "\(place): asks for version \(wanted) of \(metric), this program has \(known); "
                + "correct the number under metrics and raise the task's version"
        case .tooManyFailures(let count, let allowed, let firstID, let firstMessage):
            "\(count == 1 ? "1 sample" : "\(count) samples") failed, "
                + "\(allowed == 0 ? "none is" : "\(allowed) are") allowed; the first was sample \(firstID): "
                + "\(firstMessage)"
        case .engineChanged(let model):
            "checkpoint \(model) changed while it was being loaded; type the command again"
        case .stopTokenUnknown(let token, let model, let promptProtocol, let variant):
            "checkpoint \(model) has no token \(token), which ends the answers of \(promptProtocol) "
                + "\(variant); choose another --variant, or a checkpoint trained for this one"
        case .noDocumentFrequencies(let task):
            "\(task) has no metric with document frequencies; leave out --idf-corpus"
        case .noLabels(let split):
            "split \(split) has no public labels to score against; name a labelled one with "
                + "--split, or an annotation file with --references"
        case .otherData(let run, let dataRoot):
            "\(dataRoot): its annotations are not those that run \(run) was made with; name the "
                + "folder of the run's data with --data"
        case .otherCandidates(let run, let sampleID, let expected, let got):
            "run \(run), sample \(sampleID): \(got) log-likelihoods are stored, its query has "
                + "\(expected) candidates; the store was changed: evaluate into another --store"
        }
    }
}
