internal import EvalCore
internal import Foundation
internal import InputFiles

/// The tasks and groups of one or more folders of task files.
public struct TaskCatalog: Sendable {
    /// The tasks by name.
    public let tasks: [TaskDefinition]
    /// The groups by name.
    public let groups: [TaskGroup]

    /// Reads every `.yaml` file of the folders.
    /// - Parameter folders: paths of folders; the built-in tasks' first.
    /// - Returns: the catalog, in the order of names.
    /// - Throws: `TasksError` for a folder that cannot be read, a file that breaks the format or
    ///   does not carry its task's name, and a name that stands in two folders.
    public static func load(_ folders: [String]) throws(TasksError) -> TaskCatalog {
        var tasks: [String: TaskDefinition] = [:]
        var groups: [String: TaskGroup] = [:]
        for folder in folders {
            for file in try taskFiles(in: folder) {
                let (entry, place) = try entry(file)
                if let other = tasks[entry.name]?.file ?? groups[entry.name]?.file {
                    throw TasksError(
                        .taskFile,
                        at: place,
                        "\(entry.name) is already defined by \(other); rename one of them"
                    )
                }
                switch entry {
                case .task(let task): tasks[task.name] = task
                case .group(let group): groups[group.name] = group
                }
            }
        }
        for group in groups.values {
            for member in group.members where tasks[member.task] == nil {
                throw .unknown(
                    "task",
                    member.task,
                    among: Array(tasks.keys),
                    kind: .taskFile,
                    at: member.place
                )
            }
        }
        return TaskCatalog(
            tasks: tasks.values.sorted { $0.name < $1.name },
            groups: groups.values.sorted { $0.name < $1.name }
        )
    }

    /// The tasks that a name stands for: one, or those of a group.
    /// - Parameter name: of a task or group.
    /// - Returns: each task with the numbers of shots that it is evaluated with, nil for any.
    /// - Throws: `TasksError` with the nearest name.
    public func members(
        _ name: String
    ) throws(TasksError) -> [(task: TaskDefinition, shots: [Int]?)] {
        guard let group = groups.first(where: { $0.name == name }) else {
            guard let task = tasks.first(where: { $0.name == name }) else {
                throw .unknown(
                    "task",
                    name,
                    among: names + groups.map(\.name),
                    kind: .request,
                    at: ""
                )
            }
            return [(task, nil)]
        }
        var members: [(task: TaskDefinition, shots: [Int]?)] = []
        for member in group.members { members.append((try task(member.task), member.shots)) }
        return members
    }

    /// The names of all tasks.
    public var names: [String] { tasks.map(\.name) }

    /// The task of that name.
    /// - Throws: `TasksError` with the nearest name.
    public func task(_ name: String) throws(TasksError) -> TaskDefinition {
        guard let task = tasks.first(where: { $0.name == name }) else {
            throw .unknown("task", name, among: names, kind: .request, at: "")
        }
        return task
    }

    private static func taskFiles(in folder: String) throws(TasksError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }.sorted()
                .map { "\(folder)/\($0)" }
        } catch {
            throw TasksError(
                .taskFile,
                at: folder,
                "is no folder of task files that can be read"
            )
        }
    }

    /// Reads one task file, whose name without `.yaml` must be the task's.
    /// - Throws: `TasksError` with file and line.
    public static func definition(_ file: String) throws(TasksError) -> TaskDefinition {
        let (entry, place) = try entry(file)
        guard case .task(let task) = entry else {
            throw TasksError(.taskFile, at: place, "is a group of tasks, not a task")
        }
        return task
    }

    private enum Entry {
        case task(TaskDefinition)
        case group(TaskGroup)

        var name: String {
            switch self {
            case .task(let task): task.name
            case .group(let group): group.name
            }
        }
    }

    /// The bytes of a YAML file.
    static func bytes(of file: String) throws(TasksError) -> [UInt8] {
        do {
            return try InputFile(file, limit: YAMLScreen.byteLimit).bytes()
        } catch let error as InputFileError {
            throw TasksError(.taskFile, at: "", error.description)
        } catch {
            throw TasksError(.taskFile, at: file, "\(error)")
        }
    }

    /// What a file defines, and where it names it.
    private static func entry(
        _ file: String
    ) throws(TasksError) -> (entry: Entry, place: String) {
        let bytes = try bytes(of: file)
        let tree = try YAMLTree(bytes: bytes, file: file)
        let isGroup = TaskGroup.isGroup(tree)
        let entry: Entry =
            isGroup
            ? .group(try TaskGroup(tree, file: file))
            : .task(try TaskDefinition(yaml: bytes, file: file))
        let name = try tree.mapping().first { $0.key == (isGroup ? "group" : "task") }
        let place = tree.place(line: name?.line ?? 1)
        guard (file as NSString).lastPathComponent == "\(entry.name).yaml" else {
            throw TasksError(
                .taskFile,
                at: place,
                "defines \"\(entry.name)\"; name it \(entry.name).yaml"
            )
        }
        return (entry, place)
    }
}
