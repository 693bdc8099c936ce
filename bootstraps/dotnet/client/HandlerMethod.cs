using System;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Thaw.LambdaClient
{
    /// <summary>Finds the method that a handler names, and refuses what cannot be one.</summary>
    internal static class HandlerMethod
    {
        private const BindingFlags Any = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

        /// <param name="type">The one named, which may have inherited the method.</param>
        internal static MethodInfo Find(HandlerName name, Assembly assembly, out Type type)
        {
            type = assembly.GetType(name.Type);
            if (type == null)
                throw Refuse("There is no type " + name.Type + " in the assembly " + name.Assembly + ": a handler has the form Assembly::Namespace.Type::Method.");
            var method = FindIn(type, name);
            CheckMethod(method);
            CheckType(type, method);
            return method;
        }

        /// <summary>The nearest type that declares it, the type itself first.</summary>
        private static MethodInfo FindIn(Type type, HandlerName name)
        {
            for (var declaring = type; declaring != null; declaring = declaring.BaseType)
            {
                var found = Array.FindAll(declaring.GetMethods(Any), method => method.Name == name.Method || method.ToString() == name.Method);
                if (found.Length > 1)
                    throw Refuse("There are " + found.Length + " methods " + name.Method + " in " + declaring.FullName
                        + ". Give the one that is meant a name of its own, or its whole signature in the handler: " + string.Join<MethodInfo>("; ", found));
                if (found.Length == 1) return found[0];
            }
            throw Refuse("There is no method " + name.Method + " in the type " + name.Type + " of the assembly " + name.Assembly + ".");
        }

        private static void CheckMethod(MethodInfo method)
        {
            if (method.IsAbstract) throw Refuse(method + " is abstract, and cannot be a handler.");
            if (method.IsGenericMethod) throw Refuse(method + " is generic, and cannot be a handler: nothing says what its type parameters are.");
            if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute), false))
                throw Refuse(method + " is async and returns void, so that nobody could tell when it is done: let it return a Task.");
            if (Array.Exists(method.GetParameters(), parameter => parameter.IsDefined(typeof(ParamArrayAttribute), false)))
                throw Refuse(method + " takes any number of arguments (params), and cannot be a handler.");
            if ((method.CallingConvention & CallingConventions.VarArgs) == CallingConventions.VarArgs)
                throw Refuse(method + " takes any number of arguments, and cannot be a handler.");
        }

        private static void CheckType(Type type, MethodInfo method)
        {
            if (type.IsGenericType) throw Refuse(type.FullName + " is generic, and cannot have a handler: nothing says what its type parameters are.");
            if (type.IsInterface || type.IsEnum || type.IsPrimitive) throw Refuse(type.FullName + " is neither a class nor a struct, and cannot have a handler.");
            if (type.IsAbstract && !method.IsStatic) throw Refuse(type.FullName + " is abstract, and its method " + method + " is not static: nothing can be made to call it on.");
        }

        private static LambdaValidationException Refuse(string message) => new LambdaValidationException(message);
    }
}
