using System;
using System.IO;
using System.Reflection;

namespace Thaw.LambdaClient
{
    /// <summary>The function as configured cannot be run. The name is what callers see as the error's type.</summary>
    internal sealed class LambdaValidationException : Exception
    {
        internal LambdaValidationException(string message, Exception cause = null) : base(message, cause) { }
    }

    /// <summary>Assembly::Namespace.Type::Method, in which the method may be a whole signature.</summary>
    internal sealed class HandlerName
    {
        internal HandlerName(string text)
        {
            var parts = text.Split(new[] { "::" }, 3, StringSplitOptions.None);
            if (parts.Length != 3 || Array.Exists(parts, part => part.Trim() == ""))
                throw new LambdaValidationException("The handler is \"" + text + "\", which is not of the form Assembly::Namespace.Type::Method.");
            Assembly = parts[0].Trim();
            Type = parts[1].Trim();
            Method = parts[2].Trim();
        }

        internal string Assembly { get; }
        internal string Type { get; }
        internal string Method { get; }

        internal Assembly LoadAssembly()
        {
            try
            {
                return System.Reflection.Assembly.Load(new AssemblyName(Assembly));
            }
            catch (FileNotFoundException error)
            {
                throw new LambdaValidationException("The handler names the assembly " + Assembly + ", and there is no " + new AssemblyName(error.FileName).Name
                    + ".dll among the function's: publish it (dotnet publish), package all of the output, and name the assembly without its .dll.", error);
            }
            catch (Exception error) when (error is FileLoadException || error is BadImageFormatException)
            {
                throw new LambdaValidationException("The assembly " + Assembly + ", which the handler names, cannot be loaded: " + error.Message, error);
            }
        }
    }
}
