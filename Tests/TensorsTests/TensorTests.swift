import Tensors
import Testing

struct TensorTests {
    @Test
    func shapesCountRowsAndColumns() {
        let tensor = Tensor(zeros: [2, 3, 4])
        #expect(tensor.count == 24 && tensor.rows == 6 && tensor.columns == 4)
        #expect(tensor.byteCount == 96 && tensor.floats().allSatisfy { $0 == 0 })
        let number = Tensor([5], shape: [])
        #expect(number.count == 1 && number.rows == 1 && number.columns == 1)
        #expect(Tensor(zeros: [3, 0]).count == 0)
    }

    @Test
    func viewsShareMemory() {
        let tensor = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
        let view = tensor.rowRange(1..<3).reshaped([4])
        view.withMutableFloats { $0[0] = 30 }
        #expect(tensor.floats() == [1, 2, 30, 4, 5, 6] && tensor.row(1) == [30, 4])
    }

    @Test
    func conversionRoundsToTheNearestEvenAndBack() {
        let tensor = Tensor([1, 1.003_906_25, 1.011_718_75, -2], shape: [4])
        #expect(tensor.converted(to: .bf16).floats() == [1, 1, 1.015_625, -2])
        #expect(tensor.converted(to: .f32) === tensor)
    }

    @Test
    func unknownKernelSetsAndThreadCountsAreRefused() {
        let available = CPUBackend.availableKernelSets
        #expect(throws: TensorError.unknownKernelSet("sse", available: available)) {
            try CPUBackend(precision: .f32, kernelSet: "sse")
        }
        #expect(throws: TensorError.threadCount(0)) {
            try CPUBackend(precision: .f32, threads: 0)
        }
    }

    @Test
    func misuseTrapsBeforeItWrites() async {
        await #expect(processExitsWith: .failure) {
            _ = Tensor([1, 2, 3], shape: [2, 2])
        }
        await #expect(processExitsWith: .failure) {
            let backend = try CPUBackend(precision: .f32, threads: 1)
            let weight = backend.prepare(Tensor(zeros: [4, 3]))
            _ = backend.linear(Tensor(zeros: [2, 4]), weight)
        }
        await #expect(processExitsWith: .failure) {
            let backend = try CPUBackend(precision: .f32, threads: 1)
            _ = backend.gatherRows(Tensor(zeros: [4, 3]), indices: [4])
        }
    }
}
