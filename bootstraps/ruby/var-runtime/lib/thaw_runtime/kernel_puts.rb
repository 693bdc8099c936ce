# frozen_string_literal: true

require 'stringio'

module ThawRuntime
  # `puts` as one log record, whatever lines it has. `$stdout.puts`, `print` and `p` stay what they are.
  module KernelPuts
    class << self
      attr_reader :sink

      def write_to(sink)
        @sink = sink
        Kernel.module_eval do
          # Another name for the same method: without it `-w` warns of the second definition.
          alias_method :puts, :puts

          def puts(*values)
            # A function that put another stream in its place wants to have the lines.
            return $stdout.puts(*values) unless $stdout.equal?(STDOUT)

            lines = StringIO.new
            lines.puts(*values)
            ThawRuntime::KernelPuts.sink.write(lines.string)
            nil
          end

          private :puts
        end
      end
    end
  end
end
