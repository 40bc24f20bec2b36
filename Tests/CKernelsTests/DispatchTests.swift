import CKernels
import Testing

struct DispatchTests {
    @Test
    func theBestTableIsTheLastThatTheMachineHas() throws {
        let last = try #require(KernelSet.all.last)
        #expect(unsafe String(cString: ik_best_table().pointee.name) == last.testDescription)
        #expect(KernelSet.scalar.testDescription == "scalar")
    }

    @Test
    func anUnknownSetHasNoTable() {
        #expect(unsafe ik_table_for(IK_ISA_COUNT) == nil)
    }
}
