# frozen_string_literal: true

require 'socket'

module ThawRuntime
  # HTTP/1.1 over one keep-alive connection: all of it that the Runtime API needs. Functions and what instruments them
  # change Ruby's own client; that must not reach the runtime.
  class HttpConnection
    MAX_LINE_BYTES = 1024 * 1024 + 1024
    MAX_HEADERS = 1000
    Answer = Struct.new(:status, :headers, :body)

    # The other side closed the connection, or sent what is no HTTP.
    class Broken < IOError; end

    # Raises ArgumentError where the address is not `host:port`.
    def initialize(address)
      @host, _, port = address.rpartition(':')
      @port = Integer(port, 10)
      @address = address
      @socket = nil
    end

    # Returns an Answer, whose headers have lower-case names. Without a timeout it may take hours. Raises IOError,
    # SystemCallError or SocketError where there is no answer; the next request then opens a new connection.
    def request(method, path, headers, body = nil, timeout_s = nil)
      head = head_of(method, path, headers, body)
      reused = !@socket.nil?
      begin
        exchange(head, body, timeout_s)
      rescue Broken, Errno::ECONNRESET, Errno::EPIPE
        # A kept connection may have been closed by the other side just before it was used.
        raise unless reused

        exchange(head, body, timeout_s)
      end
    end

    private

    def head_of(method, path, headers, body)
      lines = ["#{method} #{path} HTTP/1.1", "Host: #{@address}"]
      headers.each { |name, value| lines << "#{name}: #{value.to_s.gsub(/[^ -~]/, '?')}" }
      lines << "Content-Length: #{body.bytesize}" if body
      (lines << '' << '').join("\r\n").b
    end

    def exchange(head, body, timeout_s)
      keeps = false
      @socket ||= connect
      send_request(head, body)
      raise Broken, "no answer within #{timeout_s} s" if timeout_s && IO.select([@socket], nil, nil, timeout_s).nil?

      answer, keeps = read_answer
      answer
    ensure
      close unless keeps
    end

    def connect
      socket = TCPSocket.new(@host, @port)
      socket.setsockopt(Socket::IPPROTO_TCP, Socket::TCP_NODELAY, 1)
      socket
    end

    def close
      @socket.close if @socket
      @socket = nil
    end

    def send_request(head, body)
      @socket.write(head, body.to_s.b)
    rescue Errno::ECONNRESET, Errno::EPIPE
      # Who refuses a body may answer before all of it came, and close: then the answer is there to be read.
      raise if body.nil?
    end

    # The answer, and whether the connection can be used again.
    def read_answer
      version, status, headers = read_head
      # 1xx: an interim answer, the real one follows.
      version, status, headers = read_head while status < 200
      body, framed = read_body(status, headers)
      closes = version == '1.0' || headers.fetch('connection', '').downcase.include?('close')
      [Answer.new(status, headers, body), framed && !closes]
    end

    def read_head
      line = read_line
      _, version, status = *%r{\AHTTP/(1\.\d) (\d{3})}.match(line)
      raise Broken, "the answer begins with #{line[0, 80].inspect}, which is no HTTP" if status.nil?

      headers = {}
      until (line = read_line).empty?
        raise Broken, "the answer has more than #{MAX_HEADERS} headers" if headers.size == MAX_HEADERS

        name, _, value = line.partition(':')
        headers[name.strip.downcase] = value.strip
      end
      [version, status.to_i, headers]
    end

    # The body, and whether it ended by itself rather than with the connection.
    def read_body(status, headers)
      if [204, 304].include?(status) then [+'', true]
      elsif headers.fetch('transfer-encoding', '').downcase.include?('chunked') then [read_chunks, true]
      elsif headers.key?('content-length') then [read_exactly(length_of(headers['content-length'], 10)), true]
      else [@socket.read, false]
      end
    end

    def read_chunks
      body = (+'').b
      while (size = length_of(read_line.split(';').first, 16)).positive?
        body << read_exactly(size)
        read_line
      end
      # Trailers, up to an empty line.
      nil until read_line.empty?
      body
    end

    def length_of(text, base)
      Integer(text.to_s.strip, base)
    rescue ArgumentError
      raise Broken, "the answer's length is #{text.inspect}"
    end

    def read_line
      line = @socket.gets("\r\n", MAX_LINE_BYTES)
      raise Broken, 'the connection was closed before the answer came' if line.nil?
      raise Broken, "a line of the answer has no end: #{line[0, 80].inspect}" unless line.end_with?("\r\n")

      line.chomp("\r\n").force_encoding(Encoding::UTF_8).scrub
    end

    def read_exactly(count)
      bytes = count.zero? ? (+'') : @socket.read(count)
      raise Broken, "the connection was closed within the answer's body" if bytes.nil? || bytes.bytesize < count

      bytes
    end
  end
end
