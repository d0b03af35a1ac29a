import Hummingbird

extension RenderedMail: ResponseEncodable {}
