import CKernels
import Testing

struct DispatchTests {
    @Test
    func theBestTableIsOneThatTheMachineRuns() {
        let best = unsafe String(cString: ik_best_table().pointee.name)
        let names = KernelSet.all.map(\.testDescription)
        #expect(names.contains(best) && names.first == "scalar")
        #expect(best != "scalar" || names.count == 1)
    }

    @Test
    func anUnknownSetHasNoTable() {
        #expect(unsafe ik_table_for(IK_ISA_COUNT) == nil)
    }
}
