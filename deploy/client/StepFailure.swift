/// A step that did not go as it should, in words that say what and why.
package struct StepFailure: Error, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
}
