// Roslyn as csc has it, inside a program of .NET 8, as its startup hook: the file ARGUMENTS has the command line, a word
// a line, and ROSLYN is where its assemblies are. They are for a newer .NET than this is compiled against, so that all
// is bound when it runs.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;

internal class StartupHook
{
    const int FirstShown = 2; // Warnings: 0 is hidden, 1 for information.

    public static void Initialize()
    {
        AssemblyLoadContext.Default.Resolving += (context, name) =>
        {
            var file = Path.Combine(Environment.GetEnvironmentVariable("ROSLYN"), name.Name + ".dll");
            return File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
        };
        Environment.Exit(Compile(File.ReadAllLines(Environment.GetEnvironmentVariable("ARGUMENTS"))));
    }

    static int Compile(string[] words)
    {
        dynamic parser = TypeOf("CSharp.CSharpCommandLineParser").GetProperty("Default").GetValue(null);
        dynamic asked = parser.Parse(words, "/", null);
        var wrong = new List<object>();
        AddShown(asked.Errors, wrong);
        var trees = new List<object>();
        foreach (dynamic file in asked.SourceFiles)
            trees.Add(Call("CSharp.CSharpSyntaxTree", "ParseText", File.ReadAllText(file.Path), (object)asked.ParseOptions, (string)file.Path, Encoding.UTF8));
        var references = new List<object>();
        foreach (dynamic reference in asked.MetadataReferences)
            references.Add(Call("MetadataReference", "CreateFromFile", (string)reference.Reference));
        dynamic compilation = Call("CSharp.CSharpCompilation", "Create", Path.GetFileNameWithoutExtension((string)asked.OutputFileName),
            Of("SyntaxTree", trees), Of("MetadataReference", references), (object)asked.CompilationOptions);
        using (var output = File.Create(Path.Combine((string)asked.OutputDirectory, (string)asked.OutputFileName)))
            AddShown(compilation.Emit(output).Diagnostics, wrong);
        foreach (var each in wrong) Console.WriteLine(each);
        return wrong.Count == 0 ? 0 : 1;
    }

    static void AddShown(dynamic diagnostics, List<object> wrong)
    {
        foreach (dynamic each in diagnostics)
            if ((int)each.Severity >= FirstShown) wrong.Add(each);
    }

    /// <summary>The static method that begins with parameters like these; the others have defaults.</summary>
    static object Call(string type, string name, params object[] arguments)
    {
        var method = TypeOf(type).GetMethods(BindingFlags.Public | BindingFlags.Static).First(each => each.Name == name
            && each.GetParameters().Length >= arguments.Length
            && each.GetParameters().Take(arguments.Length).Select((parameter, index) => parameter.ParameterType.IsInstanceOfType(arguments[index])).All(fits => fits)
            && each.GetParameters().Skip(arguments.Length).All(parameter => parameter.IsOptional));
        var all = method.GetParameters().Select((parameter, index) => index < arguments.Length ? arguments[index] : Type.Missing).ToArray();
        return method.Invoke(null, all);
    }

    static Array Of(string type, List<object> items)
    {
        var array = Array.CreateInstance(TypeOf(type), items.Count);
        for (var index = 0; index < items.Count; index++) array.SetValue(items[index], index);
        return array;
    }

    static Type TypeOf(string name)
    {
        var assembly = name.StartsWith("CSharp.") ? "Microsoft.CodeAnalysis.CSharp" : "Microsoft.CodeAnalysis";
        return Type.GetType("Microsoft.CodeAnalysis." + name + ", " + assembly, true);
    }
}
