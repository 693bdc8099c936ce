# frozen_string_literal: true

require_relative 'http_connection'
require_relative 'utf8_text'

module ThawRuntime
  # One event, as it came: headers by `['Name']`, and the body.
  class Invocation
    attr_reader :body

    def initialize(headers, body)
      @headers = headers
      @body = body.force_encoding(Encoding::UTF_8)
    end

    def [](name)
      @headers[name.downcase]
    end

    def request_id
      self['Lambda-Runtime-Aws-Request-Id']
    end
  end

  # The Runtime API, one method per endpoint.
  class RuntimeApi
    BASE = '/2018-06-01'
    ANNOUNCEMENT_TIMEOUT_S = 1
    USER_AGENT = "aws-lambda-ruby/#{RUBY_VERSION}-thaw"
    JSON_TYPE = 'application/json'

    # It does not answer, or answers that nothing can go on: the runtime has to end.
    class Lost < StandardError; end

    # `address`: `host:port`. Raises Lost without one.
    def initialize(address)
      raise Lost, 'AWS_LAMBDA_RUNTIME_API is not set: this program runs in a Lambda environment' if address.to_s.empty?

      @address = address
      @connection = HttpConnection.new(address)
    rescue ArgumentError
      raise Lost, "AWS_LAMBDA_RUNTIME_API is #{address.inspect}, which is not host:port"
    end

    # Tells that the runtime itself is up and the function's code is loaded from here on. Other Runtime APIs (a proxy
    # extension's, say) need not know this, so what they answer is all the same, and the init does not hang on it.
    def announce_function_init
      headers = { 'User-Agent' => USER_AGENT, 'Thaw-Phase' => 'function-init' }
      @connection.request('GET', "#{BASE}/ping", headers, nil, ANNOUNCEMENT_TIMEOUT_S)
    rescue IOError, SystemCallError, SocketError
      # Who cannot be reached now is asked again by the first wait for an invocation.
      nil
    end

    # Waits, for hours if need be.
    def next_invocation
      answer = call('GET', '/runtime/invocation/next')
      raise refused('the next event', answer) unless answer.status == 200

      Invocation.new(answer.headers, answer.body)
    end

    def post_response(invocation, body, content_type)
      post('the response', "/runtime/invocation/#{invocation.request_id}/response", body, 'Content-Type' => content_type)
    end

    def post_error(invocation, report)
      headers = error_headers(report)
      cause = report.xray_cause
      headers['Lambda-Runtime-Function-XRay-Error-Cause'] = cause if cause
      post('the error', "/runtime/invocation/#{invocation.request_id}/error", report.json, headers)
    end

    def post_init_error(report)
      post('the init error', '/runtime/init/error', report.json, error_headers(report))
    end

    private

    def error_headers(report)
      { 'Lambda-Runtime-Function-Error-Type' => report.platform_type, 'Content-Type' => JSON_TYPE }
    end

    # Goes on after an answer that concerns one invocation only.
    def post(what, path, body, headers)
      answer = call('POST', path, headers, body)
      raise refused(what, answer) if answer.status >= 500

      # Too large: the platform has told the caller so itself.
      warn refused(what, answer).message if answer.status >= 400 && answer.status != 413
    end

    def call(method, path, headers = {}, body = nil)
      @connection.request(method, BASE + path, { 'User-Agent' => USER_AGENT }.merge(headers), body)
    rescue IOError, SystemCallError, SocketError => e
      raise Lost, "The Runtime API at #{@address} did not answer #{method} #{BASE}#{path}: #{e.message}"
    end

    def refused(what, answer)
      Lost.new("The Runtime API refused #{what}: #{answer.status} #{Utf8Text.of(answer.body)}")
    end
  end
end
