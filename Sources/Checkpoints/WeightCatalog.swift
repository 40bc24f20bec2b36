import InputFiles
import StrictJSON
import Tensors

/// All tensors of a checkpoint's safetensors files, by name.
final class WeightCatalog: Sendable {
    /// What holds the tensors, for errors about those that are nowhere.
    private let path: String
    /// In the order of their names.
    let files: [SafetensorsFile]
    /// Which of `files` holds a tensor.
    private let owners: [String: Int]

    /// No tensor at all: of a folder whose weights are not there.
    init(absentFrom path: String) {
        self.path = path
        (files, owners) = ([], [:])
    }

    /// One file that holds everything.
    init(file path: String) throws {
        self.path = path
        files = [try Self.open(path)]
        owners = try Self.owners(files)
    }

    /// The shards that an index names, all in its folder.
    init(_ index: ShardIndex, folder: String) throws {
        path = index.path
        files = try index.files.map { name in
            do { return try SafetensorsFile("\(folder)/\(name)") } catch InputFileError.missing(
                let path
            ) {
                throw CheckpointError.missingShard(path, index: index.path)
            } catch { throw Self.wrapped(error) }
        }
        owners = try Self.owners(files)
        for entry in index.entries {
            let file = owners[entry.tensor].map { files[$0].path }
            guard file == "\(folder)/\(entry.file)" else {
                throw CheckpointError.notInShard(
                    entry.tensor.escapedForDisplay,
                    shard: "\(folder)/\(entry.file)",
                    index: index.path
                )
            }
        }
    }

    /// The tensor of a full name, mapped.
    func tensor(_ name: String, _ shape: [Int]) throws -> Tensor {
        guard let file = owners[name].map({ files[$0] }), let entry = file.entry(name) else {
            throw CheckpointError.missingTensor(name, shape, file: path)
        }
        guard entry.shape == shape else {
            throw CheckpointError.wrongShape(
                name,
                expected: shape,
                got: entry.shape,
                file: file.path
            )
        }
        guard entry.dtype.isReadableAsFloats else {
            throw CheckpointError.wrongDType(
                name,
                got: entry.dtype.rawValue,
                file: file.path
            )
        }
        do { return try file.tensor(name) } catch { throw Self.wrapped(error) }
    }

    private static func owners(_ files: [SafetensorsFile]) throws -> [String: Int] {
        var owners: [String: Int] = [:]
        for (index, file) in files.enumerated() {
            for name in file.entries.map(\.name) {
                if let first = owners.updateValue(index, forKey: name) {
                    throw CheckpointError.duplicateTensor(
                        name.escapedForDisplay,
                        files[first].path,
                        file.path
                    )
                }
            }
        }
        return owners
    }

    private static func open(_ path: String) throws -> SafetensorsFile {
        do { return try SafetensorsFile(path) } catch { throw wrapped(error) }
    }

    private static func wrapped(_ error: any Error) -> CheckpointError {
        error is InputFileError
            ? .unreadable(error) : CheckpointError(.invalidWeights, "\(error)")
    }
}
