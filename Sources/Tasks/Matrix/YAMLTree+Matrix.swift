internal import Foundation

/// What values of a matrix file mean.
extension YAMLTree {
    /// The elements of a list, or the value itself as the only one.
    private func elements() throws(TasksError) -> [YAMLTree] {
        if case .scalar = content { return [self] }
        return try nonEmptyList()
    }

    /// The elements of a list that has some.
    func nonEmptyList() throws(TasksError) -> [YAMLTree] {
        let elements = try list()
        if elements.isEmpty { throw failure("an empty list; leave out the key") }
        return elements
    }

    /// A text with its place.
    func name() throws(TasksError) -> RunMatrix.Name {
        RunMatrix.Name(text: try nonEmptyText(), place: place)
    }

    /// One or several texts, none twice.
    /// - Parameters:
    ///   - known: what they may be, nil for anything.
    ///   - what: what they are, for errors.
    /// - Returns: the texts with their places.
    /// - Throws: `TasksError` with file and line.
    func names(
        among known: [String]? = nil,
        _ what: String = ""
    ) throws(TasksError) -> [RunMatrix.Name] {
        var names: [RunMatrix.Name] = []
        for element in try elements() {
            let name = try element.name()
            if let known, !known.contains(name.text) {
                throw .unknown(what, name.text, among: known, kind: .taskFile, at: name.place)
            }
            if names.contains(where: { $0.text.utf8.elementsEqual(name.text.utf8) }) {
                throw element.failure("\"\(name.text)\" stands twice")
            }
            names.append(name)
        }
        return names
    }

    /// One or several integers, none twice.
    func integers(_ range: ClosedRange<Int>) throws(TasksError) -> [Int] {
        var numbers: [Int] = []
        for element in try elements() {
            let number = try element.integer(range)
            if numbers.contains(number) { throw element.failure("\(number) stands twice") }
            numbers.append(number)
        }
        return numbers
    }

    /// Rules of selection; the file of a fixed one is looked for beside the matrix file.
    func selections(besideFile file: String) throws(TasksError) -> [RunMatrix.Name] {
        let known = ["random", "rices", "none"]
        var names: [RunMatrix.Name] = []
        for var name in try self.names() {
            if name.text.hasPrefix("fixed:"), name.text.utf8.count > 6 {
                let path = String(name.text.dropFirst(6))
                name.text = "fixed:" + Self.path(path, besideFile: file)
            } else if !known.contains(name.text) {
                throw .unknown(
                    "selection",
                    name.text,
                    among: known + ["fixed:FILE"],
                    kind: .taskFile,
                    at: name.place
                )
            }
            names.append(name)
        }
        return names
    }

    /// The path of a file or folder, relative ones taken from the matrix file's folder.
    func path(besideFile file: String) throws(TasksError) -> String {
        Self.path(try nonEmptyText(), besideFile: file)
    }

    private static func path(_ path: String, besideFile file: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        let folder = (file as NSString).deletingLastPathComponent
        return folder.isEmpty ? path : "\(folder)/\(path)"
    }

    /// The checkpoints: folders, or mappings of `model`, `precision` and `variant`.
    func models(besideFile file: String) throws(TasksError) -> [RunMatrix.Model] {
        var models: [RunMatrix.Model] = []
        for element in try elements() {
            let model = try element.model(besideFile: file)
            if models.contains(model) { throw element.failure("this model stands twice") }
            models.append(model)
        }
        return models
    }

    private func model(besideFile file: String) throws(TasksError) -> RunMatrix.Model {
        if case .scalar = content { return RunMatrix.Model(path: try modelPath(file)) }
        let members = try members(["model", "precision", "variant"])
        var model = RunMatrix.Model(path: try members.required("model", of: self).modelPath(file))
        model.precisions = try members["precision"]?.names()
        model.variants = try members["variant"]?.names(among: ["base", "instruct"], "variant")
        return model
    }

    /// The bundled checkpoint has a name in place of a path.
    private func modelPath(_ file: String) throws(TasksError) -> String? {
        try nonEmptyText() == "demo" ? nil : path(besideFile: file)
    }
}
