using System;
using System.IO;
using System.Reflection;

namespace Thaw.LambdaClient
{
    /// <summary>
    /// The function's own serializer, as its LambdaSerializer attribute names it. All of it is called by name: the
    /// interfaces are those of the function's Amazon.Lambda.Core.
    /// </summary>
    internal sealed class Serializer
    {
        private const string AttributeName = "Amazon.Lambda.Core.LambdaSerializerAttribute";
        private const string InterfaceName = "Amazon.Lambda.Core.ILambdaSerializer";
        private const BindingFlags AsThrown = BindingFlags.DoNotWrapExceptions;

        private readonly MethodInfo deserialize, serialize;

        private Serializer(Type type)
        {
            var contract = type.GetInterface(InterfaceName);
            if (contract == null)
                throw new LambdaValidationException(type.FullName + ", which a LambdaSerializer attribute names, does not implement " + InterfaceName + ".");
            if (type.GetConstructor(Type.EmptyTypes) == null)
                throw new LambdaValidationException(type.FullName + ", which a LambdaSerializer attribute names, has no public constructor without parameters.");
            deserialize = MethodOf(contract, "Deserialize", 1);
            serialize = MethodOf(contract, "Serialize", 2);
            Instance = Activator.CreateInstance(type);
        }

        internal object Instance { get; }

        /// <returns>That of the method, else that of its assembly, else null.</returns>
        internal static Serializer Of(MethodInfo method, Assembly assembly)
        {
            var attribute = Array.Find(method.GetCustomAttributes(true), IsSerializer) ?? Array.Find(assembly.GetCustomAttributes(true), IsSerializer);
            if (attribute == null) return null;
            var type = attribute.GetType().GetProperty("SerializerType")?.GetValue(attribute) as Type;
            if (type == null) throw new LambdaValidationException("The LambdaSerializer attribute names no type of a serializer.");
            return new Serializer(type);
        }

        internal Func<byte[], object> Reader(Type type)
        {
            var read = deserialize.MakeGenericMethod(type);
            return bytes => read.Invoke(Instance, AsThrown, null, new object[] { new MemoryStream(bytes) }, null);
        }

        internal Func<object, ArraySegment<byte>> Writer(Type type)
        {
            var write = serialize.MakeGenericMethod(type);
            return result =>
            {
                var stream = new MemoryStream();
                write.Invoke(Instance, AsThrown, null, new[] { result, stream }, null);
                // Also where the serializer has closed it.
                return new ArraySegment<byte>(stream.ToArray());
            };
        }

        private static bool IsSerializer(object attribute)
        {
            for (var type = attribute.GetType(); type != null; type = type.BaseType)
                if (type.FullName == AttributeName) return true;
            return false;
        }

        private static MethodInfo MethodOf(Type contract, string name, int parameters)
        {
            var method = contract.GetMethod(name);
            if (method != null && method.IsGenericMethodDefinition && method.GetParameters().Length == parameters) return method;
            throw new LambdaValidationException(contract.FullName + " of the function's Amazon.Lambda.Core has no " + name + "<T> as it should be.");
        }
    }
}
