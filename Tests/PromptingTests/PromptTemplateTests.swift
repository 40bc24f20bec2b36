import EvalCore
import Testing

struct PromptTemplateTests {
    @Test func piecesComeInOrder() throws {
        let template = try PromptTemplate("Image:{image}Q: {question} {{A}} {answer}\n")
        #expect(
            template.pieces == [
                .literal("Image:"), .image, .literal("Q: "), .field("question"),
                .literal(" {A} "), .field("answer"), .literal("\n"),
            ]
        )
        #expect(template.fields == ["question", "answer"])
        #expect(template.imageCount == 1)
    }

    @Test(arguments: [
        ("a}b", PromptTemplateError.closesNothing(byte: 1)),
        ("a{b", .neverClosed(byte: 1)),
        ("{}", .notAName("", byte: 0)),
        ("{Question}", .notAName("Question", byte: 0)),
        ("{a b}", .notAName("a b", byte: 0)),
        ("{question:03}", .notAName("question:03", byte: 0)),
        ("é{{}", .closesNothing(byte: 4)),
        ("{{{", .neverClosed(byte: 2)),
    ])
    func badBracesAreRefused(source: String, expected: PromptTemplateError) {
        #expect(throws: expected) { try PromptTemplate(source) }
    }

    @Test func removingATokenLeavesItsNeighbours() throws {
        let template = try PromptTemplate("{answer}<|e|>\n<|e|>").removing("<|e|>")
        #expect(template.pieces == [.field("answer"), .literal("\n")])
        #expect(try PromptTemplate("<|e|>").removing("<|e|>").pieces.isEmpty)
        // One pass: what only arises by removal stays.
        #expect(try PromptTemplate("<|<|e|>e|>").removing("<|e|>").pieces == [.literal("<|e|>")])
    }

    @Test func textsStayByteForByte() throws {
        let source = "cafe\u{301}\r\n{image}"
        let template = try PromptTemplate(source)
        guard case .literal(let text) = template.pieces[0] else {
            Issue.record("no literal")
            return
        }
        #expect(Array(text.utf8) == Array("cafe\u{301}\r\n".utf8))
    }
}
