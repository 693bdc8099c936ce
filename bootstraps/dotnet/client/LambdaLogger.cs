using System;
using System.Reflection;

namespace Thaw.LambdaClient
{
    /// <summary>ILambdaLogger in all the forms it ever had, from Log(message) to LogError(exception, template, arguments).</summary>
    internal static class LambdaLogger
    {
        internal static object Of(Type contract, LogOutput logs) =>
            InterfaceProxy.Of(contract, (method, arguments) =>
            {
                if (!method.Name.StartsWith("Log", StringComparison.Ordinal)) throw InterfaceProxy.Unknown(method);
                // The one form that ends no line.
                if (method.Name == "Log" && arguments.Length == 1) Console.Write((string)arguments[0]);
                else Log(method, arguments, logs);
                return null;
            });

        private static void Log(MethodInfo method, object[] arguments, LogOutput logs)
        {
            var at = 0;
            var level = LevelOf(method.Name) ?? Convert.ToString(arguments[at++]);
            var takesException = method.GetParameters()[at].ParameterType == typeof(Exception);
            var error = takesException ? (Exception)arguments[at++] : null;
            var message = (string)arguments[at++];
            logs.Write(level, error, message, at < arguments.Length ? (object[])arguments[at] : null);
        }

        /// <returns>Null where it is the first argument, by name or as a LogLevel.</returns>
        private static string LevelOf(string method)
        {
            switch (method)
            {
                case "Log": return null;
                case "LogLine": return nameof(LogLevel.Information);
                default: return method.Substring("Log".Length);
            }
        }
    }
}
