# frozen_string_literal: true

require_relative 'bundled_gems'
ThawRuntime.find_bundled_gems

require_relative 'error_report'
require_relative 'function_handler'
require_relative 'kernel_puts'
require_relative 'lambda_context'
require_relative 'log_sink'
require_relative 'logger_defaults'
require_relative 'marshaller'
require_relative 'runtime_api'

# Of the invocation being served, for log records: `nil` during Init. The name is what functions know it by.
$_global_aws_request_id = nil

module ThawRuntime
  CRITICAL_EXIT = -1
  RUNTIME_FAULT_EXIT = -2
  INIT_FAILURE_EXIT = -4

  # Something outside the function went wrong: the environment cannot go on.
  class RuntimeFault < StandardError; end

  module_function

  # Loads the function, then serves its invocations, one after another. Does not return.
  def serve_function
    $stdout.sync = true
    take_over_logs
    api = RuntimeApi.new(ENV['AWS_LAMBDA_RUNTIME_API'])
    api.announce_function_init
    handler = load_function(api)
    loop { serve(api, handler, next_invocation(api)) }
  rescue RuntimeApi::Lost => e
    warn e.message
    exit(INIT_FAILURE_EXIT)
  end

  def take_over_logs
    sink = FramedLogSink.from_environment
    KernelPuts.write_to(sink) if sink
    LoggerDefaults.install(sink)
  end

  def load_function(api)
    handler = FunctionHandler.new(ENV['_HANDLER'].to_s)
    handler.load(Dir.pwd)
    handler
  rescue Exception => e
    report = ErrorReport.new(e, 'Init')
    report.log("Init error when loading handler #{ENV['_HANDLER']}")
    api.post_init_error(report)
    exit(INIT_FAILURE_EXIT)
  end

  def next_invocation(api)
    invocation = api.next_invocation
    $_global_aws_request_id = invocation.request_id
    trace_id = invocation['Lambda-Runtime-Trace-Id']
    ENV['_X_AMZN_TRACE_ID'] = trace_id if trace_id
    invocation
  rescue SignalException
    # Idle, and told to go; what the function left for its end (at_exit) is done.
    exit(0)
  end

  def serve(api, handler, invocation)
    event = read_event(invocation)
    response, content_type = handler.call(event, LambdaContext.new(invocation))
    api.post_response(invocation, read_response(response, content_type), content_type || 'application/json')
  rescue RuntimeApi::Lost
    raise
  rescue RuntimeFault => e
    post_error(api, invocation, ErrorReport.new(e.cause, 'Runtime'), 'The runtime failed')
    exit(RUNTIME_FAULT_EXIT)
  rescue NameError => e
    # Of its own kind: the function refers to something that is not there, and will the next time.
    end_critically(api, invocation, e)
  rescue StandardError => e
    post_error(api, invocation, ErrorReport.new(e), 'Error raised from handler method')
  rescue Exception => e
    end_critically(api, invocation, e)
  end

  def read_event(invocation)
    AwsLambda::Marshaller.marshall_request(invocation)
  rescue StandardError
    raise RuntimeFault
  end

  def read_response(response, content_type)
    content_type == 'application/unknown' ? response.read : response
  rescue StandardError
    raise RuntimeFault
  end

  def end_critically(api, invocation, error)
    post_error(api, invocation, ErrorReport.new(error), 'Critical exception from handler')
    exit(CRITICAL_EXIT)
  end

  def post_error(api, invocation, report, title)
    report.log(title)
    api.post_error(invocation, report)
  end
end
