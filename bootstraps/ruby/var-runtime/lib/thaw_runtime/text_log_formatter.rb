# frozen_string_literal: true

require 'logger'
require_relative 'utf8_text'

module ThawRuntime
  # As the standard library's, with the request's id.
  class TextLogFormatter < Logger::Formatter
    TIME = '%Y-%m-%dT%H:%M:%S.%6N'

    def call(severity, time, program, message)
      head = "#{severity[0]}, [#{time.strftime(datetime_format || TIME)} ##{Process.pid}] #{severity.rjust(5)}"
      "#{head} #{$_global_aws_request_id} -- #{Utf8Text.of(program)}: #{Utf8Text.of(msg2str(message))}\n"
    end
  end
end
