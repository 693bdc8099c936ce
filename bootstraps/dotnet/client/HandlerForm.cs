using System;
using System.Reflection;
using System.Threading.Tasks;

namespace Thaw.LambdaClient
{
    /// <summary>What a method takes and returns: (), (input), (context) or (input, context) → void, T, Task or Task&lt;T&gt;.</summary>
    internal sealed class HandlerForm
    {
        internal HandlerForm(MethodInfo method, HandlerName name)
        {
            var parameters = method.GetParameters();
            var last = parameters.Length == 0 ? null : parameters[parameters.Length - 1].ParameterType;
            if (last != null && last.FullName == LambdaCore.ContextName) ContextType = last;
            var inputs = parameters.Length - (ContextType == null ? 0 : 1);
            if (inputs > 1)
                throw new LambdaValidationException("The method " + name.Method + " of " + name.Type + " takes " + parameters.Length
                    + " parameters. A handler takes an event, a context (" + LambdaCore.ContextName + "), both in this order, or nothing.");
            if (inputs == 1) InputType = parameters[0].ParameterType;
            OutputType = OutputOf(method.ReturnType);
        }

        /// <summary>Each is null where there is none.</summary>
        internal Type InputType { get; }
        internal Type ContextType { get; }
        internal Type OutputType { get; }

        /// <returns>The Task&lt;T&gt; that a type is or is derived from; null for others.</returns>
        internal static Type TaskWithResult(Type type)
        {
            for (; type != null; type = type.BaseType)
                if (type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(Task<>)) return type;
            return null;
        }

        private static Type OutputOf(Type returned)
        {
            var task = TaskWithResult(returned);
            if (task != null) return task.GenericTypeArguments[0];
            return returned == typeof(void) || typeof(Task).IsAssignableFrom(returned) ? null : returned;
        }
    }
}
