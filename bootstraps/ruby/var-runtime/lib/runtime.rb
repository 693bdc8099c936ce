# frozen_string_literal: true

# The runtime of Ruby functions, for every Ruby from 2.5 on; started by ../bootstrap.

ENV.delete('LC_CTYPE') if ENV['LC_CTYPE'] == 'C.utf8'
# Where not even that locale was to be had.
Encoding.default_external = Encoding::UTF_8 if Encoding.default_external == Encoding::US_ASCII

require_relative 'thaw_runtime/serve_function'

ThawRuntime.serve_function
