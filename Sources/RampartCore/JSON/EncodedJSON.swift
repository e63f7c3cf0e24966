/// A JSON value that is encoded already, to be copied into a larger document as it is.
package struct EncodedJSON: Sendable, Hashable {
    package let bytes: [UInt8]

    package init(_ value: JSONValue) { bytes = value.encoded() }
}
