using System;
using System.Reflection;

namespace Thaw.LambdaClient
{
    /// <summary>Makes the ILambdaContext of each invocation.</summary>
    internal sealed class ContextMaker
    {
        private static readonly DateTime Epoch = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        private readonly Type contract;
        private readonly object logger, serializer;

        /// <param name="serializer">Null where the function has none.</param>
        internal ContextMaker(Type contract, LogOutput logs, object serializer)
        {
            this.contract = contract;
            this.serializer = serializer;
            logger = LambdaLogger.Of(contract.GetProperty("Logger").PropertyType, logs);
            // The first proxy of an interface takes time, which Init has and the first invocation has not.
            Make(null);
        }

        internal object Make(Invocation invocation) =>
            InterfaceProxy.Of(contract, (method, arguments) => Value(method, invocation));

        private object Value(MethodInfo method, Invocation invocation)
        {
            switch (method.Name)
            {
                case "get_AwsRequestId": return invocation.RequestId;
                case "get_InvokedFunctionArn": return invocation.InvokedFunctionArn;
                case "get_TraceId": return invocation.TraceId;
                case "get_TenantId": return invocation.TenantId;
                case "get_RemainingTime": return Epoch.AddMilliseconds(invocation.DeadlineEpochMs) - DateTime.UtcNow;
                case "get_FunctionName": return Variable("AWS_LAMBDA_FUNCTION_NAME");
                case "get_FunctionVersion": return Variable("AWS_LAMBDA_FUNCTION_VERSION");
                case "get_LogGroupName": return Variable("AWS_LAMBDA_LOG_GROUP_NAME");
                case "get_LogStreamName": return Variable("AWS_LAMBDA_LOG_STREAM_NAME");
                case "get_MemoryLimitInMB": return int.TryParse(Variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), out var size) ? size : 0;
                case "get_Logger": return logger;
                case "get_Serializer": return serializer;
                case "get_ClientContext": return ClientContext.Of(method.ReturnType, invocation.ClientContext);
                case "get_Identity": return ClientContext.IdentityOf(method.ReturnType, invocation.CognitoIdentity);
                default: throw InterfaceProxy.Unknown(method);
            }
        }

        private static string Variable(string name) => Environment.GetEnvironmentVariable(name);
    }
}
