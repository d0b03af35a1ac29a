import ArgumentParser
import Contracts

extension ServiceName: ExpressibleByArgument {}
