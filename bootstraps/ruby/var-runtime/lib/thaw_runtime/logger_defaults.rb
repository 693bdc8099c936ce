# frozen_string_literal: true

require 'logger'
require_relative 'json_log_formatter'
require_relative 'log_sink'
require_relative 'text_log_formatter'

module ThawRuntime
  # Loggers of the standard library that write to stdout or stderr, or nowhere, write to the function's log, in its
  # format and from its level on, as far as they were not made with ones of their own.
  module LoggerDefaults
    LEVELS = %w[DEBUG INFO WARN ERROR FATAL].freeze

    # The log as a stream for loggers: one write is one record.
    class Device
      def initialize(sink, type)
        @sink = sink
        @type = type
      end

      def write(message)
        @sink.write(message, @type)
      end

      def close; end
    end

    class << self
      # `sink`: nil where there is none but stdout.
      def install(sink)
        json = ENV['AWS_LAMBDA_LOG_FORMAT'].to_s.upcase == 'JSON'
        @formatter_class = json ? JsonLogFormatter : TextLogFormatter
        @device = Device.new(sink, json ? FramedLogSink::JSON : FramedLogSink::TEXT) if sink
        name = ENV['AWS_LAMBDA_LOG_LEVEL'].to_s.upcase
        # Ruby has no TRACE.
        @level = LEVELS.include?(name) ? Logger.const_get(name) : Logger::DEBUG
        Logger.prepend(self)
      end

      def options(given)
        formatter = @formatter_class.new
        formatter.datetime_format = given[:datetime_format]
        { level: @level, formatter: formatter }.merge(given.reject { |name, value| name == :formatter && value.nil? })
      end

      def device(given)
        @device || given || STDOUT
      end
    end

    def initialize(device = nil, *arguments, **options)
      return super unless device.nil? || device.equal?(STDOUT) || device.equal?(STDERR)

      super(LoggerDefaults.device(device), *arguments, **LoggerDefaults.options(options))
    end
  end
end
