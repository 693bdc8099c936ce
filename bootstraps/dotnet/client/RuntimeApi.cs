using System;
using System.IO;
using System.Net.Sockets;
using System.Text;

namespace Thaw.LambdaClient
{
    /// <summary>The Runtime API cannot be used any more: the message says what it was asked and what came of it.</summary>
    internal sealed class RuntimeApiException : Exception
    {
        internal RuntimeApiException(string message, Exception cause = null) : base(message, cause) { }
    }

    internal sealed class RuntimeApi : IDisposable
    {
        private const string Version = "/2018-06-01", Base = Version + "/runtime";
        private const int Ok = 200, Accepted = 202;
        private const int AnnouncementTimeoutMs = 1000;
        /// <summary>The service's own limit of a header is not documented; its clients leave the cause out beyond this.</summary>
        private const int MaxCauseBytes = 1024 * 1024;

        private readonly HttpConnection connection;
        private readonly string agent = "User-Agent: aws-lambda-dotnet/" + Environment.Version + "-thaw\r\n";

        /// <param name="address">host:port</param>
        internal RuntimeApi(string address)
        {
            if (string.IsNullOrEmpty(address))
                throw new RuntimeApiException("AWS_LAMBDA_RUNTIME_API, which says where the Runtime API is, is not set.");
            connection = new HttpConnection(address);
        }

        /// <summary>
        /// What is loaded from here on is the function's own. Other Runtime APIs need not know this (a proxy extension's,
        /// say): what they answer is all the same, and Init does not hang on it.
        /// </summary>
        internal void TellFunctionInit()
        {
            try
            {
                connection.Request("GET", Version + "/ping", agent + "Thaw-Phase: function-init\r\n", null, AnnouncementTimeoutMs);
            }
            catch (Exception error) when (error is SocketException || error is IOException)
            {
                // Who cannot be reached now is asked again for the first event.
                connection.Dispose();
            }
        }

        internal Invocation Next()
        {
            var answer = Request("GET", Base + "/invocation/next", "", null);
            return new Invocation(Expect(answer, Ok, "the next event"));
        }

        internal void PostResponse(Invocation invocation, ArraySegment<byte> body)
        {
            var path = Base + "/invocation/" + invocation.RequestId + "/response";
            Expect(Request("POST", path, "Content-Type: application/json\r\n", body), Accepted, "the response");
        }

        internal void PostError(Invocation invocation, Exception error)
        {
            var headers = "Content-Type: application/vnd.aws.lambda.error+json\r\n"
                + "Lambda-Runtime-Function-Error-Type: " + HeaderValue(ErrorReport.TypeOf(error)) + "\r\n";
            var cause = XRayCause.Of(error);
            if (cause.Length <= MaxCauseBytes) headers += "Lambda-Runtime-Function-XRay-Error-Cause: " + cause + "\r\n";
            var path = Base + "/invocation/" + invocation.RequestId + "/error";
            Expect(Request("POST", path, headers, Bytes(ErrorReport.Body(error))), Accepted, "the error");
        }

        internal void PostInitError(string body)
        {
            var headers = "Content-Type: application/vnd.aws.lambda.error+json\r\n";
            Expect(Request("POST", Base + "/init/error", headers, Bytes(body)), Accepted, "the error of Init");
        }

        public void Dispose() => connection.Dispose();

        private HttpAnswer Request(string method, string path, string headers, ArraySegment<byte>? body)
        {
            try
            {
                return connection.Request(method, path, agent + headers, body);
            }
            catch (Exception error)
            {
                throw new RuntimeApiException("The Runtime API could not be asked " + method + " " + path + ": " + error.Message, error);
            }
        }

        private static HttpAnswer Expect(HttpAnswer answer, int status, string what)
        {
            if (answer.Status == status) return answer;
            var said = Encoding.UTF8.GetString(answer.Body, 0, Math.Min(answer.Body.Length, 1000));
            throw new RuntimeApiException("The Runtime API answered " + answer.Status + " where it was about " + what + ": " + said);
        }

        private static ArraySegment<byte> Bytes(string text) => new ArraySegment<byte>(Encoding.UTF8.GetBytes(text));

        /// <summary>Names of types may have any letters; headers may not.</summary>
        private static string HeaderValue(string text)
        {
            var value = new StringBuilder(text.Length);
            foreach (var letter in text) value.Append(letter > ' ' && letter <= '~' ? letter : '?');
            return value.ToString();
        }
    }
}
