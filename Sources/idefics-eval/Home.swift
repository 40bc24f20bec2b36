import Foundation

/// The folder that holds `tasks/` and `demo/`.
struct Home {
    /// Its path.
    let path: String

    /// Finds it: `IDEFICS_EVAL_HOME`, else the nearest folder above the executable that has
    /// `tasks/`, else `<prefix>/share/idefics-eval`.
    /// - Throws: `CommandError` if there is none.
    static func find() throws -> Home {
        if let named = ProcessInfo.processInfo.environment["IDEFICS_EVAL_HOME"], !named.isEmpty {
            guard hasTasks(named) else {
                throw CommandError.usage(
                    "IDEFICS_EVAL_HOME is \(named), which has no folder tasks/; "
                        + "name the folder that has it, or unset the variable"
                )
            }
            return Home(path: named)
        }
        let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        for folder in ancestors(of: executable) where hasTasks(folder.path) {
            return Home(path: folder.path)
        }
        let share = executable.deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("share/idefics-eval").path
        guard hasTasks(share) else {
            throw CommandError.usage(
                "found no folder tasks/ above \(executable.path) nor in \(share); "
                    + "set IDEFICS_EVAL_HOME to the folder that has it"
            )
        }
        return Home(path: share)
    }

    /// The folder of the built-in task files.
    var tasks: String { path + "/tasks" }
    /// The bundled demo checkpoint.
    var demoModel: String { path + "/demo/checkpoint" }
    /// The bundled CLIP checkpoint of the demo.
    var demoEncoder: String { path + "/demo/clip" }
    /// The bundled demo data root.
    var demoData: String { path + "/demo/data" }
    /// The published numbers.
    var publishedResults: String { path + "/results/published.json" }

    private static func ancestors(of file: URL) -> [URL] {
        var folders: [URL] = []
        var folder = file.deletingLastPathComponent()
        while folder.path != "/" {
            folders.append(folder)
            folder = folder.deletingLastPathComponent()
        }
        return folders
    }

    private static func hasTasks(_ folder: String) -> Bool { isFolder(folder + "/tasks") }
}

/// True if `path` is a folder, links followed.
func isFolder(_ path: String) -> Bool {
    let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    let values = try? url.resourceValues(forKeys: [.isDirectoryKey])  // no such file: no folder
    return values?.isDirectory == true
}
