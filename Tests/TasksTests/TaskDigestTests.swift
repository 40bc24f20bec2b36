import Tasks
import Testing

struct TaskDigestTests {
    @Test(arguments: [
        ("title: Small", "title: Other # a comment"),
        ("http://example.org/i.zip", "http://example.org/j.zip"),
        ("task: small\nversion: 3", "version: 3\ntask: small"),
        ("generation: {max_new_tokens: 15}", "generation: {max_new_tokens: 15, beams: 1}"),
        ("breakdown: [answer_type]", "breakdown: [\"answer_type\"]\ncluster: image"),
        ("query: \"{image}{question}\"", "query: '{image}{question}'"),
    ])
    func whatMovesNoNumberKeepsTheDigest(old: String, new: String) throws {
        #expect(try definition(smallTask(old, new)).digest == definition(smallTaskFile).digest)
    }

    @Test(arguments: [
        ("{vqa_accuracy: 1}", "{vqa_accuracy: 2}"), ("version: 3", "version: 4"),
        ("prefix: \"<s>\"", "prefix: \"<s> \""), ("{question} {answer}", "{question}  {answer}"),
        ("most_frequent", "first"), ("same_pair", "pair_per_query"),
        ("max_new_tokens: 15", "max_new_tokens: 16"),
        ("max_new_tokens: 15", "max_new_tokens: 15, stop: [a]"),
        ("max_new_tokens: 15", "max_new_tokens: 15, bad_words: [a]"),
        ("count: 20", "count: 21"), ("small/val_questions.json", "small/val2_questions.json"),
        ("namespace: n}", "namespace: m}"),
        ("breakdown: [answer_type]", "cluster: sample"),
        ("zero_shot: same_pair", "zero_shot: same_pair\n    answer: [strip]"),
        ("zero_shot: same_pair", "zero_shot: same_pair\n    strip: true"),
        ("query: \"{image}{question}\"}", "query: \"{image}{question}\", stop_tokens: [a]}"),
    ])
    func whatMovesNumbersChangesTheDigest(old: String, new: String) throws {
        #expect(try definition(smallTask(old, new)).digest != definition(smallTaskFile).digest)
    }
}
