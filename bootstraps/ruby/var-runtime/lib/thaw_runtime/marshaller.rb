# frozen_string_literal: true

require 'json'
require 'stringio'

module AwsLambda
  # Events from JSON, results to JSON. Functions may put other methods in place of these two.
  class Marshaller
    class << self
      # `raw_request` answers `['Header-Name']` and `body`. An event that is no JSON is given as it came.
      def marshall_request(raw_request)
        return raw_request.body unless raw_request['Content-Type'] == 'application/json'

        JSON.parse(raw_request.body)
      end

      # What can be read is not JSON: with a content type of its own.
      def marshall_response(method_response)
        case method_response
        when StringIO, IO then [method_response, 'application/unknown']
        else method_response.to_json
        end
      end
    end
  end
end
