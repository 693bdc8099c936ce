# frozen_string_literal: true

require_relative 'utf8_text'

module ThawRuntime
  # Log records as frames on a descriptor that the platform reads: 4 bytes type, 4 bytes length, 8 bytes microseconds
  # since the epoch, big endian, then the message. So line ends survive.
  class FramedLogSink
    TEXT = 0xA55A0003
    JSON = 0xA55A0002

    # nil where the platform offers none. The variable is taken away: the descriptor is the runtime's alone.
    def self.from_environment
      number = ENV.delete('_LAMBDA_TELEMETRY_LOG_FD')
      return unless /\A\d+\z/.match?(number.to_s)

      io = IO.for_fd(number.to_i, 'wb', autoclose: false)
      new(io) if io.stat.pipe? || io.stat.socket?
    rescue SystemCallError, ArgumentError
      # Nothing is open there, or what Ruby opened for itself.
      nil
    end

    def initialize(io)
      @io = io
      @io.sync = true
      @io.close_on_exec = true
      @lock = Mutex.new
    end

    def write(message, type = TEXT)
      bytes = Utf8Text.of(message).b
      microseconds = Process.clock_gettime(Process::CLOCK_REALTIME, :microsecond)
      locked = lock
      @io.write([type, bytes.bytesize, microseconds].pack('L>L>Q>') << bytes)
    rescue Errno::EPIPE
      # The reader is gone, and with it everyone who could be told.
      nil
    ensure
      @lock.unlock if locked
    end

    private

    # In the handler of a signal no lock can be taken; what it has to say is let through.
    def lock
      @lock.lock
    rescue ThreadError
      nil
    end
  end
end
