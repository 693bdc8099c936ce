// What an invocation can see, say and fail at.
using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Amazon.Lambda.Core;

namespace Example
{
    public class Refused : Exception
    {
        public Refused(string message, Exception cause = null) : base(message, cause) { }
    }

    public class Acts
    {
        public Acts() { LambdaLogger.Log("made"); }

        public async Task<object> Run(Dictionary<string, object> input, ILambdaContext context)
        {
            switch (input["act"].ToString())
            {
                case "context": return Context(context);
                case "log": Log(context.Logger); return null;
                case "throw": throw new Refused("no ž\nlines");
                case "throw later": await Task.Delay(1); throw new Refused("later");
                case "throw many": throw new AggregateException("both", new Refused("one"), new Refused("two", new InvalidOperationException("below")));
                case "throw much": throw new Refused(new string('x', 300 * 1024), new Refused("below"));
                case "throw much below": throw new Refused("short", new Refused(new string('x', 300 * 1024)));
                case "exit": Environment.Exit(3); return null;
                case "tomorrow": return context.OfTomorrow;
                case "much": return new string('x', Convert.ToInt32(input["bytes"].ToString()));
                default: return input;
            }
        }

        static object Context(ILambdaContext context)
        {
            var client = context.ClientContext;
            return new Dictionary<string, object>
            {
                ["requestId"] = context.AwsRequestId,
                ["functionName"] = context.FunctionName,
                ["functionVersion"] = context.FunctionVersion,
                ["arn"] = context.InvokedFunctionArn,
                ["logGroup"] = context.LogGroupName,
                ["logStream"] = context.LogStreamName,
                ["memoryMB"] = context.MemoryLimitInMB,
                ["remainingMs"] = context.RemainingTime.TotalMilliseconds,
                ["traceId"] = context.TraceId,
                ["traceVariable"] = Environment.GetEnvironmentVariable("_X_AMZN_TRACE_ID"),
                ["tenantId"] = context.TenantId,
                ["serializer"] = context.Serializer.GetType().Name,
                ["title"] = client.Client == null ? null : client.Client.AppTitle,
                ["installation"] = client.Client == null ? null : client.Client.InstallationId,
                ["custom"] = client.Custom,
                ["environment"] = client.Environment,
                ["identity"] = context.Identity.IdentityId,
                ["pool"] = context.Identity.IdentityPoolId,
            };
        }

        static void Log(ILambdaLogger logger)
        {
            logger.Log("part, ");
            Console.WriteLine("console {0}", 1);
            Console.Error.WriteLine("console error");
            logger.LogLine("line");
            logger.LogTrace("trace");
            logger.LogWarning("warning {0}");
            logger.Log(LogLevel.Critical, "critical");
            logger.Log("Debug", "debug");
            logger.Log("odd", "level of nobody");
            logger.LogInformation("{count} of {@order} at {time:yyyy}, {{braces}} {missing}", 2, new Order { name = "ž" }, new DateTime(2026, 1, 5));
            logger.LogInformation("{1} before {0}", "a", "b");
            logger.LogError(new Refused("no"), "failed {list}", new List<object> { 1, true, null, 1.5 });
            LambdaLogger.Log("static\nlines");
            LambdaLogger.Log("Warning", "static {what}", "warning");
            LambdaLogger.Log("Error", new Refused("never"), "static error");
        }
    }
}
