# frozen_string_literal: true

module ThawRuntime
  module Utf8Text
    # A value's text in UTF-8, with U+FFFD for what cannot be; bytes are taken for UTF-8.
    def self.of(value)
      text = value.to_s
      text = text.dup.force_encoding(Encoding::UTF_8) if text.encoding == Encoding::BINARY
      text.encode(Encoding::UTF_8, invalid: :replace, undef: :replace, replace: "\uFFFD").scrub("\uFFFD")
    end
  end
end
