# frozen_string_literal: true

require_relative 'marshaller'

# What methods without a class are called on; what they keep in instance variables stays.
class LambdaHandler; end

module ThawRuntime
  # The function's method: `FILE.METHOD`, or `FILE.CLASS.METHOD` for a method of a class or module.
  class FunctionHandler
    # Raises ArgumentError where the name has neither form.
    def initialize(name)
      parts = name.split('.')
      unless parts.size.between?(2, 3)
        raise ArgumentError, "Invalid handler #{name.inspect}: it must be FILE.METHOD, or FILE.CLASS.METHOD with a " \
                             'method of the class itself, where FILE is a Ruby source file without its .rb'
      end
      @file = parts.first
      @class_name = parts[1] if parts.size == 3
      @method = parts.last
      @receiver = LambdaHandler.new
    end

    def load(directory)
      $LOAD_PATH.unshift(directory) unless $LOAD_PATH.include?(directory)
      require @file
    end

    # Returns the response, and its content type where it is not JSON.
    def call(event, context)
      receiver = @class_name ? Kernel.const_get(@class_name) : @receiver
      AwsLambda::Marshaller.marshall_response(receiver.__send__(@method, event: event, context: context))
    end
  end
end
