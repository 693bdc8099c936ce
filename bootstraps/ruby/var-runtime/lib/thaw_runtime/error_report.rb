# frozen_string_literal: true

require 'json'
require_relative 'utf8_text'

module ThawRuntime
  # An exception, as it is told to the caller, to the log and to X-Ray.
  class ErrorReport
    MAX_FRAMES = 100
    MAX_CAUSE_FRAMES = 15
    MAX_CAUSE_BYTES = 1024 * 1024
    OWN_DIRECTORY = File.dirname(__dir__) + File::SEPARATOR
    # The classes that are named to the platform; of all others it learns only that they are the function's.
    NAMED = %w[ArgumentError NoMethodError Exception StandardError NameError LoadError SystemExit SystemStackError].freeze

    # `origin`: whose error it is: `Function`, `Init` or `Runtime`.
    def initialize(error, origin = 'Function')
      @class_name = Utf8Text.of(error.class)
      @type = "#{origin}<#{@class_name}>"
      @message = message_of(error)
      @frames = frames_of(error)
    end

    def platform_type
      NAMED.include?(@class_name) ? @type : 'Function<UserException>'
    end

    def json
      JSON.generate(body)
    end

    # ASCII, on one line; nil where it is too long for a header.
    def xray_cause
      stack = @frames.grep(Thread::Backtrace::Location).first(MAX_CAUSE_FRAMES).map do |frame|
        { path: Utf8Text.of(frame.path), line: frame.lineno, label: Utf8Text.of(frame.label) }
      end
      cause = {
        working_directory: Dir.pwd,
        paths: defined?(Gem) ? Gem.path : [],
        exceptions: [{ message: @message, type: @type, stack: stack }]
      }
      text = JSON.generate(cause, ascii_only: true)
      text if text.bytesize < MAX_CAUSE_BYTES
    end

    def log(title)
      puts title
      puts JSON.pretty_generate(body)
    end

    private

    def body
      { errorMessage: @message, errorType: @type, stackTrace: @frames.map { |frame| Utf8Text.of(frame) } }
    end

    def message_of(error)
      Utf8Text.of(error.message)
    rescue StandardError => e
      "its message cannot be had: #{e.class}"
    end

    # Those of the function: the runtime's own are left out.
    def frames_of(error)
      frames = error.backtrace_locations || error.backtrace || []
      frames.reject { |frame| frame.to_s.start_with?(OWN_DIRECTORY) }.first(MAX_FRAMES)
    end
  end
end
