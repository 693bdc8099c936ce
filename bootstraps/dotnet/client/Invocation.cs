using System.Collections.Generic;

namespace Thaw.LambdaClient
{
    /// <summary>An event as the Runtime API hands it out.</summary>
    internal sealed class Invocation
    {
        private readonly IDictionary<string, string> headers;

        internal Invocation(HttpAnswer answer)
        {
            headers = answer.Headers;
            Event = answer.Body;
            RequestId = Header("Aws-Request-Id") ?? throw new RuntimeApiException("The Runtime API gave out an event without the header Lambda-Runtime-Aws-Request-Id.");
        }

        internal byte[] Event { get; }

        internal string RequestId { get; }
        internal string TraceId => Header("Trace-Id");
        internal string TenantId => Header("Aws-Tenant-Id");
        internal string InvokedFunctionArn => Header("Invoked-Function-Arn");
        /// <summary>JSON; null where the caller sent none.</summary>
        internal string ClientContext => Header("Client-Context");
        /// <summary>JSON; null where the caller has none.</summary>
        internal string CognitoIdentity => Header("Cognito-Identity");

        internal long DeadlineEpochMs => long.TryParse(Header("Deadline-Ms"), out var deadline) ? deadline : 0;

        private string Header(string name) => headers.TryGetValue("Lambda-Runtime-" + name, out var value) ? value : null;
    }
}
