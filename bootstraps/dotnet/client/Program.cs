using System;

namespace Thaw.LambdaClient
{
    /// <summary>
    /// The program that runs functions of class libraries: Thaw.LambdaClient.dll Assembly::Namespace.Type::Method.
    /// It ends with status 1 where Init fails or the Runtime API cannot be talked to, having said why on stderr.
    /// </summary>
    internal static class Program
    {
        private const int Failed = 1;

        private static int Main(string[] arguments)
        {
            var logs = LogOutput.Open();
            try
            {
                using (var api = new RuntimeApi(Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API")))
                {
                    api.TellFunctionInit();
                    Handler handler;
                    try
                    {
                        handler = Handler.Load(string.Join(" ", arguments), logs);
                    }
                    catch (Exception error)
                    {
                        Console.Error.WriteLine(error);
                        api.PostInitError(ErrorReport.Body(error));
                        return Failed;
                    }
                    while (true) Serve(api, handler, logs);
                }
            }
            catch (RuntimeApiException error)
            {
                Console.Error.WriteLine(error.Message);
                return Failed;
            }
        }

        private static void Serve(RuntimeApi api, Handler handler, LogOutput logs)
        {
            var invocation = api.Next();
            logs.Begin(invocation);
            Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", invocation.TraceId);
            ArraySegment<byte> answer;
            try
            {
                answer = handler.Handle(invocation);
            }
            catch (Exception error)
            {
                Console.Error.WriteLine(error);
                api.PostError(invocation, error);
                return;
            }
            api.PostResponse(invocation, answer);
        }
    }
}
