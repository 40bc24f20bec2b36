import Foundation
import Tasks
import TestSupport
import Testing

struct TaskCatalogTests {
    @Test func shippedTasksAreAllReadable() throws {
        let catalog = try TaskCatalog.load([tasksFolder])
        #expect(catalog.names.contains("vqav2"))
        #expect(catalog.names == catalog.names.sorted())
    }

    @Test func anUnknownTaskIsAnsweredWithTheNearestName() throws {
        let error = #expect(throws: TasksError.self) {
            try TaskCatalog.load([tasksFolder]).task("vqa2")
        }
        #expect(error?.kind == .request)
        #expect(error?.description == "unknown task \"vqa2\", did you mean \"vqav2\"?")
    }

    @Test func foldersAddUp() throws {
        try withTemporaryDirectory { folder in
            try write(smallTaskFile, to: "small.yaml", in: folder)
            try write("not a task", to: "notes.txt", in: folder)
            let catalog = try TaskCatalog.load([tasksFolder, folder.path])
            #expect(catalog.names.contains("small"))
            #expect(catalog.names.contains("vqav2"))
        }
    }

    @Test func aNameInTwoFoldersIsAnError() throws {
        try withTemporaryDirectory { folder in
            try write(smallTaskFile, to: "a/small.yaml", in: folder)
            try write(smallTaskFile, to: "b/small.yaml", in: folder)
            let error = #expect(throws: TasksError.self) {
                try TaskCatalog.load([folder.path + "/a", folder.path + "/b"])
            }
            #expect(error?.description.contains("already defined by") == true)
        }
    }

    @Test func aFileMustCarryItsTasksName() throws {
        try withTemporaryDirectory { folder in
            try write(smallTaskFile, to: "other.yaml", in: folder)
            let error = #expect(throws: TasksError.self) { try TaskCatalog.load([folder.path]) }
            #expect(error?.description.contains("name it small.yaml") == true)
        }
    }

    @Test func foldersAndFilesThatCannotBeReadAreNamed() throws {
        #expect(throws: TasksError.self) { try TaskCatalog.load(["/no/such/folder"]) }
        try withTemporaryDirectory { folder in
            try FileManager.default.createDirectory(
                at: folder.appendingPathComponent("small.yaml"),
                withIntermediateDirectories: true
            )
            let error = #expect(throws: TasksError.self) { try TaskCatalog.load([folder.path]) }
            #expect(error?.description.contains("small.yaml") == true)
        }
    }
}
