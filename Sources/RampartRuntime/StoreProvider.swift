package import RampartCore

/// Gives the store that a request chooses.
package protocol StoreProvider {
    /// - Throws: a ``Rejection`` where the request may not choose it.
    func store(for choice: StoreChoice) throws(Rejection) -> any ArtifactStore
}
