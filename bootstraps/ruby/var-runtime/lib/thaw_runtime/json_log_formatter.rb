# frozen_string_literal: true

require 'json'
require 'logger'
require_relative 'utf8_text'

module ThawRuntime
  # Records as one line of JSON each; what is not known is left out.
  class JsonLogFormatter < Logger::Formatter
    TIME = '%Y-%m-%dT%H:%M:%S.%6NZ'

    def call(severity, time, program, message)
      record = { timestamp: time.getutc.strftime(TIME), level: severity }
      record[:message] = Utf8Text.of(message.is_a?(Exception) ? message.message : msg2str(message))
      record[:requestId] = $_global_aws_request_id
      record[:logger] = Utf8Text.of(program) unless program.to_s.empty?
      record.update(told_error(message)) if message.is_a?(Exception)
      "#{JSON.generate(record.compact)}\n"
    end

    private

    def told_error(error)
      {
        errorType: Utf8Text.of(error.class), errorMessage: Utf8Text.of(error.message),
        stackTrace: Array(error.backtrace).map { |frame| Utf8Text.of(frame) }, location: location(error)
      }
    end

    # `file:method:line`; nil of an error that was never raised.
    def location(error)
      frame = Array(error.backtrace_locations).first
      Utf8Text.of("#{frame.path}:#{frame.label}:#{frame.lineno}") if frame
    end
  end
end
