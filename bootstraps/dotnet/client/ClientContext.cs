using System;
using System.Collections.Generic;

namespace Thaw.LambdaClient
{
    using Fields = Dictionary<string, string>;

    /// <summary>What a mobile caller told of itself: IClientContext and ICognitoIdentity. Both are there without it, too, and empty.</summary>
    internal static class ClientContext
    {
        internal static object Of(Type contract, string json)
        {
            var parts = json == null ? new Dictionary<string, Dictionary<string, object>>() : Json.Parse<Dictionary<string, Dictionary<string, object>>>(json);
            return InterfaceProxy.Of(contract, (method, arguments) =>
            {
                switch (method.Name)
                {
                    case "get_Client": return Application(method.ReturnType, FieldsOf(parts, "client"));
                    case "get_Custom": return FieldsOf(parts, "custom");
                    case "get_Environment": return FieldsOf(parts, "env");
                    default: throw InterfaceProxy.Unknown(method);
                }
            });
        }

        internal static object IdentityOf(Type contract, string json)
        {
            var fields = json == null ? new Fields() : Json.Parse<Fields>(json);
            return InterfaceProxy.Of(contract, (method, arguments) =>
            {
                switch (method.Name)
                {
                    case "get_IdentityId": return Field(fields, "cognitoIdentityId");
                    case "get_IdentityPoolId": return Field(fields, "cognitoIdentityPoolId");
                    default: throw InterfaceProxy.Unknown(method);
                }
            });
        }

        private static object Application(Type contract, Fields fields)
        {
            if (fields == null) return null;
            return InterfaceProxy.Of(contract, (method, arguments) =>
            {
                switch (method.Name)
                {
                    case "get_AppPackageName": return Field(fields, "app_package_name");
                    case "get_AppTitle": return Field(fields, "app_title");
                    case "get_AppVersionCode": return Field(fields, "app_version_code");
                    case "get_AppVersionName": return Field(fields, "app_version_name");
                    case "get_InstallationId": return Field(fields, "installation_id");
                    default: throw InterfaceProxy.Unknown(method);
                }
            });
        }

        /// <summary>Whatever the values are, they are had as texts.</summary>
        private static Fields FieldsOf(Dictionary<string, Dictionary<string, object>> parts, string name)
        {
            if (!parts.TryGetValue(name, out var fields) || fields == null) return null;
            var texts = new Fields();
            foreach (var field in fields) texts.Add(field.Key, Convert.ToString(field.Value));
            return texts;
        }

        private static string Field(Fields fields, string name) => fields.TryGetValue(name, out var value) ? value : null;
    }
}
