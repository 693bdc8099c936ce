using System;
using System.IO;
using System.Reflection;

namespace Thaw.LambdaClient
{
    /// <summary>What the client has to do with the Amazon.Lambda.Core that a function brings along, if it does.</summary>
    internal static class LambdaCore
    {
        internal const string ContextName = "Amazon.Lambda.Core.ILambdaContext";

        /// <summary>
        /// Lets LambdaLogger write where all else does. It has fields for this: one from the beginning on, the others
        /// since versions that log with levels.
        /// </summary>
        internal static void Connect(LogOutput logs)
        {
            // Before .NET 6 its own way to the console is as good.
            if (!logs.Decorates) return;
            var logger = Load()?.GetType("Amazon.Lambda.Core.LambdaLogger");
            if (logger == null) return;
            Set<Action<string>>(logger, "_loggingAction", message => logs.Write(null, null, message, null));
            Set<Action<string, string, object[]>>(logger, "_loggingWithLevelAction", (level, message, arguments) => logs.Write(level, null, message, arguments));
            Set<Action<string, Exception, string, object[]>>(logger, "_loggingWithLevelAndExceptionAction", logs.Write);
        }

        private static Assembly Load()
        {
            try
            {
                return Assembly.Load(new AssemblyName("Amazon.Lambda.Core"));
            }
            catch (FileNotFoundException)
            {
                // A function of streams alone need not have it.
                return null;
            }
        }

        private static void Set<T>(Type logger, string name, T action)
        {
            var field = logger.GetField(name, BindingFlags.NonPublic | BindingFlags.Static);
            if (field != null && field.FieldType == typeof(T)) field.SetValue(null, action);
        }
    }
}
