<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en_US">
<context>
    <name>Actions</name>
    <message>
        <source>Open panel</source>
        <translation>打开面板</translation>
    </message>
    <message>
        <source>First steps…</source>
        <translation>入门步骤…</translation>
    </message>
    <message>
        <source>What was found on this machine, what is advised, and how programs connect</source>
        <translation>本机上找到了什么、建议怎么做，以及程序如何连接</translation>
    </message>
    <message>
        <source>Proxy on</source>
        <translation>代理开启</translation>
    </message>
    <message>
        <source>Answer clients on the panel&apos;s address; off refuses new requests</source>
        <translation>在面板的地址上响应客户端；关闭后拒绝新请求</translation>
    </message>
    <message>
        <source>Pause the queue</source>
        <translation>暂停队列</translation>
    </message>
    <message>
        <source>Requests are accepted and wait; running requests continue</source>
        <translation>照常接收请求并让其等待；正在运行的请求继续</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>Start all instances</source>
        <translation>启动所有实例</translation>
    </message>
    <message>
        <source>Stop all instances</source>
        <translation>停止所有实例</translation>
    </message>
    <message>
        <source>Running requests end first; new ones wait until an instance runs again</source>
        <translation>先处理完正在运行的请求；新请求会等到实例再次运行</translation>
    </message>
    <message>
        <source>Free GPU memory</source>
        <translation>释放显存</translation>
    </message>
    <message>
        <source>Unloads every model as soon as no request uses it; the next request loads it again</source>
        <translation>卸载每个不再被请求使用的模型；下一个请求会重新加载</translation>
    </message>
    <message>
        <source>Undo the last change</source>
        <translation>撤销上次更改</translation>
    </message>
    <message>
        <source>Profiles…</source>
        <translation>配置方案…</translation>
    </message>
    <message>
        <source>Complete settings that are kept by name, with what they were measured to give</source>
        <translation>按名称保存的池的完整设置，以及测得的结果</translation>
    </message>
    <message>
        <source>Check this machine</source>
        <translation>检查这台机器</translation>
    </message>
    <message>
        <source>Looks for what is wrong, and shows what mends it</source>
        <translation>查找问题，并显示如何修复</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Nothing that requests are served by was changed in this run</source>
        <translation>本次运行中没有更改影响请求处理的设置</translation>
    </message>
</context>
<context>
    <name>AddressCard</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the address for Ollama&apos;s clients</source>
        <translation>复制供 Ollama 客户端使用的地址</translation>
    </message>
    <message>
        <source>Copy the address for clients of OpenAI&apos;s API</source>
        <translation>复制供 OpenAI API 客户端使用的地址</translation>
    </message>
    <message>
        <source>Copy the address for clients of Anthropic&apos;s API</source>
        <translation>复制供 Anthropic API 客户端使用的地址</translation>
    </message>
    <message>
        <source>Copy the address for other machines</source>
        <translation>复制供其他机器使用的地址</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Opens the settings of the proxy</source>
        <translation>打开代理的设置</translation>
    </message>
    <message>
        <source>{address}, and {second}</source>
        <translation>{address}，以及 {second}</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>Nobody</source>
        <translation>无人</translation>
    </message>
    <message>
        <source>This machine only</source>
        <translation>仅本机</translation>
    </message>
    <message>
        <source>Other machines, too</source>
        <translation>其他机器也可以</translation>
    </message>
    <message>
        <source>key needed</source>
        <translation>需要密钥</translation>
    </message>
    <message>
        <source>no key needed</source>
        <translation>不需要密钥</translation>
    </message>
    <message>
        <source>Address (Ollama)</source>
        <translation>地址（Ollama）</translation>
    </message>
    <message>
        <source>Who can reach it</source>
        <translation>谁能访问</translation>
    </message>
</context>
<context>
    <name>AdvicePart</name>
    <message>
        <source>What to set</source>
        <translation>建议的设置</translation>
    </message>
    <message>
        <source>Contexts, answers and pools differ by use</source>
        <translation>上下文、回答和池因用途而异</translation>
    </message>
    <message>
        <source>One person needs nothing, a team a queue, a product several instances</source>
        <translation>一个人什么都不需要，团队需要队列，产品需要多个实例</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copies the whole advice</source>
        <translation>复制全部建议</translation>
    </message>
    <message>
        <source>Copy the advice</source>
        <translation>复制建议</translation>
    </message>
    <message>
        <source>Shows what it changes; nothing changes before you click Apply</source>
        <translation>显示会有什么变化；点击“应用”之前不会有任何变化</translation>
    </message>
    <message>
        <source>Use these settings…</source>
        <translation>使用这些设置…</translation>
    </message>
    <message>
        <source>Used for</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人数</translation>
    </message>
    <message>
        <source>Effects of the advised settings</source>
        <translation>建议设置的效果</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Leaves the settings as they are</source>
        <translation>保持现有设置不变</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Puts the advised settings in force</source>
        <translation>使建议的设置生效</translation>
    </message>
    <message>
        <source>Cancel the advised settings</source>
        <translation>取消建议的设置</translation>
    </message>
    <message>
        <source>Apply the advised settings</source>
        <translation>应用建议的设置</translation>
    </message>
    <message>
        <source>The whole advice</source>
        <translation>全部建议</translation>
    </message>
    <message>
        <source>Applying…</source>
        <translation>正在应用…</translation>
    </message>
    <message>
        <source>Nothing to apply</source>
        <translation>没有要应用的更改</translation>
    </message>
</context>
<context>
    <name>AdvisedCard</name>
    <message>
        <source>Advised</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>For</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人数</translation>
    </message>
</context>
<context>
    <name>AlertList</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Closes the list (Esc)</source>
        <translation>关闭此列表（Esc）</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>提醒</translation>
    </message>
</context>
<context>
    <name>AlertStrip</name>
    <message>
        <source>Shows all alerts with their whole texts</source>
        <translation>显示所有提醒及其全文</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Hide this message</source>
        <translation>隐藏此消息</translation>
    </message>
    <message numerus="yes">
        <source>%n dismissed</source>
        <translation>
            <numerusform>已关闭 %n 项</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>另有 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
</context>
<context>
    <name>ApplyBar</name>
    <message>
        <source>Effects of Apply</source>
        <translation>应用的效果</translation>
    </message>
    <message>
        <source>Revert</source>
        <translation>还原</translation>
    </message>
    <message>
        <source>Resets the forms to the settings in force</source>
        <translation>将表单重置为当前生效的设置</translation>
    </message>
    <message>
        <source>Applies the forms, as described on the left ({keys})</source>
        <translation>按左侧说明应用表单（{keys}）</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) changed</source>
        <translation>
            <numerusform>已更改 %n 项设置</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ApplyDialog</name>
    <message>
        <source>Apply over SSH</source>
        <translation>通过 SSH 应用</translation>
    </message>
    <message>
        <source>Apply on this machine</source>
        <translation>在本机应用</translation>
    </message>
    <message>
        <source>user@machine</source>
        <translation>用户@机器</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Reads what is there; nothing is changed</source>
        <translation>读取那里的内容；不作任何更改</translation>
    </message>
    <message>
        <source>Let the system ask for the password of an administrator</source>
        <translation>让系统询问管理员密码</translation>
    </message>
    <message>
        <source>Otherwise the commands are shown, for you to type</source>
        <translation>否则显示命令，由你输入</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Brings back what was there before</source>
        <translation>恢复之前的内容</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>What is under way goes on</source>
        <translation>进行中的操作会继续</translation>
    </message>
    <message>
        <source>Break off</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>What was written goes back</source>
        <translation>已写入的内容会恢复原状</translation>
    </message>
    <message>
        <source>Restart now</source>
        <translation>立即重启</translation>
    </message>
    <message>
        <source>Answers under way break off</source>
        <translation>进行中的回答会中断</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Does these steps, proves them, or goes back</source>
        <translation>执行这些步骤并验证，否则恢复原状</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>未作任何更改。</translation>
    </message>
    <message>
        <source>The difference comes here.</source>
        <translation>差异将显示在这里。</translation>
    </message>
    <message>
        <source>Name the machine, as for ssh.</source>
        <translation>填写机器，与 ssh 的写法相同。</translation>
    </message>
    <message>
        <source>Looking at what is there…</source>
        <translation>正在查看那里的内容…</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
</context>
<context>
    <name>AreaRow</name>
    <message>
        <source>Hides the checks</source>
        <translation>隐藏这些检查</translation>
    </message>
    <message>
        <source>Shows the checks</source>
        <translation>显示这些检查</translation>
    </message>
    <message>
        <source>well</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>not looked at</source>
        <translation>未能查看</translation>
    </message>
    <message>
        <source>{area}, {count}, {state}</source>
        <translation>{area}，{count}，{state}</translation>
    </message>
</context>
<context>
    <name>BundleDialog</name>
    <message>
        <source>Support bundle</source>
        <translation>支持包</translation>
    </message>
    <message>
        <source>One file with what helps others to see what is wrong. Secrets are taken out; read it before.</source>
        <translation>一个文件，包含帮助他人看清问题的内容。机密已去除；请先阅读。</translation>
    </message>
    <message>
        <source>Files of the bundle</source>
        <translation>支持包中的文件</translation>
    </message>
    <message>
        <source>Text of the file</source>
        <translation>文件内容</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copies the text of this file</source>
        <translation>复制此文件的内容</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Nothing is saved</source>
        <translation>不保存任何内容</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Saves all files as one; nothing is sent</source>
        <translation>将所有文件存为一个；不会发送任何内容</translation>
    </message>
    <message>
        <source>Gathering…</source>
        <translation>正在收集…</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s), {size} before it is packed</source>
        <translation>
            <numerusform>%n 个文件，打包前 {size}</numerusform>
        </translation>
    </message>
    <message>
        <source>Save the support bundle</source>
        <translation>保存支持包</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>已保存</translation>
    </message>
</context>
<context>
    <name>BypassRow</name>
    <message>
        <source>Past the queue</source>
        <translation>绕过队列</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>What to change…</source>
        <translation>如何更改…</translation>
    </message>
    <message>
        <source>Says how its requests get into the queue</source>
        <translation>说明如何让它的请求进入队列</translation>
    </message>
    <message>
        <source>Went past</source>
        <translation>曾绕过</translation>
    </message>
    <message>
        <source>What to change for {program}</source>
        <translation>{program} 如何更改</translation>
    </message>
    <message>
        <source>program: {path}</source>
        <translation>程序：{path}</translation>
    </message>
    <message numerus="yes">
        <source>%n process(es)</source>
        <translation>
            <numerusform>%n 个进程</numerusform>
        </translation>
    </message>
    <message>
        <source>process {pid}</source>
        <translation>进程 {pid}</translation>
    </message>
    <message>
        <source>of user {user}</source>
        <translation>属于用户 {user}</translation>
    </message>
    <message>
        <source>from {address}</source>
        <translation>来自 {address}</translation>
    </message>
</context>
<context>
    <name>CarriesCard</name>
    <message>
        <source>What it carries</source>
        <translation>保留的内容</translation>
    </message>
    <message>
        <source>the context of each model</source>
        <translation>每个模型的上下文</translation>
    </message>
    <message>
        <source>slots, KV cache</source>
        <translation>槽位、KV 缓存</translation>
    </message>
    <message>
        <source>slots, context, KV cache</source>
        <translation>槽位、上下文、KV 缓存</translation>
    </message>
    <message>
        <source>figures and hardware</source>
        <translation>测量数据与硬件</translation>
    </message>
    <message>
        <source>models that stay loaded</source>
        <translation>保持加载的模型</translation>
    </message>
    <message>
        <source>the folder of the models</source>
        <translation>模型文件夹</translation>
    </message>
    <message numerus="yes">
        <source>all %n worker(s)</source>
        <translation>
            <numerusform>全部 %n 个工作进程</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n further worker(s)</source>
        <translation>
            <numerusform>其余 %n 个工作进程</numerusform>
        </translation>
    </message>
    <message>
        <source>a new start after a crash</source>
        <translation>崩溃后重新启动</translation>
    </message>
    <message>
        <source>queue, classes, weights</source>
        <translation>队列、类别、权重</translation>
    </message>
    <message>
        <source>a queue before the slots</source>
        <translation>槽位前的队列</translation>
    </message>
    <message>
        <source>classes, weights, limits</source>
        <translation>类别、权重、限额</translation>
    </message>
    <message>
        <source>HAProxy in front carries a queue.</source>
        <translation>前置的 HAProxy 带有队列。</translation>
    </message>
    <message>
        <source>Only the panel lets chats go before batch work.</source>
        <translation>只有面板会让聊天先于批处理。</translation>
    </message>
    <message>
        <source>carried: {what}</source>
        <translation>保留：{what}</translation>
    </message>
    <message>
        <source>not carried: {what}</source>
        <translation>不保留：{what}</translation>
    </message>
</context>
<context>
    <name>ChangedFiles</name>
    <message>
        <source>File that is written</source>
        <translation>要写入的文件</translation>
    </message>
    <message>
        <source>Which of the files is shown</source>
        <translation>显示哪个文件</translation>
    </message>
    <message>
        <source>the same</source>
        <translation>相同</translation>
    </message>
    <message>
        <source>new</source>
        <translation>新</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>已更改</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>What is installed is the same.</source>
        <translation>已安装的内容与此相同。</translation>
    </message>
</context>
<context>
    <name>ChecksCard</name>
    <message>
        <source>Nothing yet.</source>
        <translation>暂无。</translation>
    </message>
</context>
<context>
    <name>ClientMenu</name>
    <message>
        <source>Let this one wait for others</source>
        <translation>让它等待其他客户端</translation>
    </message>
    <message>
        <source>As each request asks</source>
        <translation>按每个请求自身</translation>
    </message>
    <message>
        <source>Interactive: goes first</source>
        <translation>交互：优先</translation>
    </message>
    <message>
        <source>Batch: waits for others</source>
        <translation>批处理：让其他先行</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>A quarter of the usual</source>
        <translation>通常的四分之一</translation>
    </message>
    <message>
        <source>Half the usual</source>
        <translation>通常的一半</translation>
    </message>
    <message>
        <source>The usual</source>
        <translation>通常</translation>
    </message>
    <message>
        <source>Twice the usual</source>
        <translation>通常的两倍</translation>
    </message>
    <message>
        <source>Four times the usual</source>
        <translation>通常的四倍</translation>
    </message>
    <message>
        <source>{weight} times the usual</source>
        <translation>通常的 {weight} 倍</translation>
    </message>
    <message>
        <source>Share of the time</source>
        <translation>时间份额</translation>
    </message>
    <message>
        <source>Any number</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>At once, at most</source>
        <translation>同时处理上限</translation>
    </message>
    <message>
        <source>Another…</source>
        <translation>其他…</translation>
    </message>
    <message>
        <source>Times the usual share of {client}:</source>
        <translation>{client} 所得份额为通常的倍数：</translation>
    </message>
    <message>
        <source>Requests of {client} at once, at most:</source>
        <translation>{client} 最多同时处理的请求数：</translation>
    </message>
</context>
<context>
    <name>ClientRow</name>
    <message>
        <source>Interactive goes first, batch waits for others; a right click on the row has weight and limit</source>
        <translation>交互优先，批量等待其他请求；右键点击此行可设置权重和上限</translation>
    </message>
    <message>
        <source>Panel</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>auto: {kind}</source>
        <translation>自动：{kind}</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Class of {client}</source>
        <translation>{client} 的类别</translation>
    </message>
    <message>
        <source>{count} refused: no valid key</source>
        <translation>{count} 次被拒绝：没有有效的密钥</translation>
    </message>
    <message numerus="yes">
        <source>%n process(es)</source>
        <translation>
            <numerusform>%n 个进程</numerusform>
        </translation>
    </message>
    <message>
        <source>process {pid}</source>
        <translation>进程 {pid}</translation>
    </message>
    <message>
        <source>key “{key}”</source>
        <translation>密钥“{key}”</translation>
    </message>
    <message>
        <source>user {user}</source>
        <translation>用户 {user}</translation>
    </message>
    <message>
        <source>ended {ended}, running {running}, waiting {waiting}</source>
        <translation>已结束 {ended}，运行中 {running}，等待中 {waiting}</translation>
    </message>
    <message>
        <source>failed {failed}, cancelled {cancelled}</source>
        <translation>失败 {failed}，已取消 {cancelled}</translation>
    </message>
    <message>
        <source>first token, p95: {time}</source>
        <translation>首个词元，p95：{time}</translation>
    </message>
    <message>
        <source>models: {models}</source>
        <translation>模型：{models}</translation>
    </message>
    <message>
        <source>program: {path}</source>
        <translation>程序：{path}</translation>
    </message>
    <message>
        <source>says of itself: {agent}</source>
        <translation>自称：{agent}</translation>
    </message>
</context>
<context>
    <name>ClientRules</name>
    <message>
        <source>Each request of {client} is judged by itself again</source>
        <translation>{client} 的每个请求重新各自判定类别</translation>
    </message>
    <message>
        <source>{client} now waits for others</source>
        <translation>{client} 现在让其他客户端先行</translation>
    </message>
    <message>
        <source>{client} now goes first</source>
        <translation>{client} 现在优先</translation>
    </message>
    <message>
        <source>{client} gets the usual share of the time again</source>
        <translation>{client} 恢复通常的时间份额</translation>
    </message>
    <message>
        <source>{client} now gets {weight} times the usual share of the time</source>
        <translation>{client} 现在得到通常时间份额的 {weight} 倍</translation>
    </message>
    <message>
        <source>Any number of requests of {client} may run at once again</source>
        <translation>{client} 同时处理的请求数不再受限</translation>
    </message>
    <message>
        <source>Of {client}, at most {limit} run at once now</source>
        <translation>{client} 现在最多同时处理 {limit} 个请求</translation>
    </message>
    <message>
        <source>That holds for its waiting requests, too</source>
        <translation>对它正在等待的请求同样有效</translation>
    </message>
</context>
<context>
    <name>ClientsPart</name>
    <message>
        <source>Programs seen</source>
        <translation>出现过的程序</translation>
    </message>
    <message>
        <source>last 10 min</source>
        <translation>最近 10 分钟</translation>
    </message>
    <message>
        <source>Shows all programs, or only the first ones</source>
        <translation>显示全部程序，或只显示前几个</translation>
    </message>
    <message>
        <source>Show fewer</source>
        <translation>收起</translation>
    </message>
    <message numerus="yes">
        <source>Show all %n program(s)</source>
        <translation>
            <numerusform>显示全部 %n 个程序</numerusform>
        </translation>
    </message>
    <message>
        <source>Share</source>
        <translation>占比</translation>
    </message>
    <message>
        <source>Share of the work</source>
        <translation>工作占比</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>No program has come through the panel yet: set one up above, or send a test.</source>
        <translation>还没有程序经过面板：请在上方设置一个，或发送一次测试。</translation>
    </message>
    <message>
        <source>Looking for programs that go past the panel…</source>
        <translation>正在查找绕过面板的程序…</translation>
    </message>
    <message>
        <source>No program goes past the panel.</source>
        <translation>没有程序绕过面板。</translation>
    </message>
    <message>
        <source>Requests that go past the panel are not counted in the queue, and wait for nobody.</source>
        <translation>绕过面板的请求不计入队列，也不等待任何人。</translation>
    </message>
    <message>
        <source>{program} holds {connections} connections to {url}; its requests wait for nobody.</source>
        <translation>{program} 与 {url} 保持着 {connections} 个连接；它的请求不等待任何人。</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>途径</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Waits, p95</source>
        <translation>等待，p95</translation>
    </message>
</context>
<context>
    <name>CodeView</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copies the text above</source>
        <translation>复制上面的文本</translation>
    </message>
</context>
<context>
    <name>ConnectPage</name>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>The panel listens where programs know Ollama, so that none needs a change</source>
        <translation>面板在程序所知的 Ollama 地址上监听：程序无需更改</translation>
    </message>
    <message numerus="yes">
        <source>%n program(s) came through the panel</source>
        <translation>
            <numerusform>%n 个程序经过面板</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n program(s) go past it</source>
        <translation>
            <numerusform>%n 个程序绕过面板</numerusform>
        </translation>
    </message>
    <message>
        <source>One address for all programs.</source>
        <translation>所有程序使用同一个地址。</translation>
    </message>
    <message>
        <source>{told} {parts}.</source>
        <translation>{told}{parts}。</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>Take over {port}…</source>
        <translation>接管 {port}…</translation>
    </message>
    <message>
        <source>{port} taken over…</source>
        <translation>已接管 {port}…</translation>
    </message>
    <message>
        <source>Take-over of {port}…</source>
        <translation>{port} 的接管…</translation>
    </message>
    <message>
        <source>Cancel the test</source>
        <translation>取消测试</translation>
    </message>
    <message>
        <source>Send a test</source>
        <translation>发送测试</translation>
    </message>
    <message>
        <source>Its request leaves the queue, or ends</source>
        <translation>它的请求离开队列或结束</translation>
    </message>
    <message>
        <source>Sends a short chat through the panel, as your programs do</source>
        <translation>像您的程序一样，经过面板发送一段简短的对话</translation>
    </message>
    <message>
        <source>Give it the panel&apos;s address in place of Ollama&apos;s: {url}.</source>
        <translation>请将它的地址从 Ollama 的改为面板的：{url}。</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>The settings of {program} are on this page.</source>
        <translation>{program} 的设置就在此页。</translation>
    </message>
    <message>
        <source>Show its settings</source>
        <translation>显示其设置</translation>
    </message>
    <message>
        <source>Or let the panel listen there, and Ollama elsewhere: then it needs no change.</source>
        <translation>或者让面板在该地址监听，Ollama 换到别处：这样程序无需更改。</translation>
    </message>
    <message>
        <source>Take over {address}…</source>
        <translation>接管 {address}…</translation>
    </message>
    <message>
        <source>{program} talks to {server} past the queue</source>
        <translation>{program} 绕过队列直接访问 {server}</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>ConnectStep</name>
    <message>
        <source>Connect your programs</source>
        <translation>连接您的程序</translation>
    </message>
    <message>
        <source>Give each program this address in place of Ollama&apos;s own.</source>
        <translation>把每个程序中的 Ollama 地址换成这个地址。</translation>
    </message>
    <message>
        <source>The panel answers at Ollama&apos;s own address: no program needs a change.</source>
        <translation>面板在 Ollama 自己的地址上应答：程序无需更改。</translation>
    </message>
</context>
<context>
    <name>Counts</name>
    <message numerus="yes">
        <source>%n finding(s)</source>
        <translation>
            <numerusform>%n 个发现</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n check(s)</source>
        <translation>
            <numerusform>%n 项检查</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more file(s)</source>
        <translation>
            <numerusform>以及另外 %n 个文件</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n finding(s) are ignored</source>
        <translation>
            <numerusform>已忽略 %n 个发现</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DifferenceView</name>
    <message>
        <source>What is installed</source>
        <translation>已安装的内容</translation>
    </message>
    <message>
        <source>What the export has</source>
        <translation>导出的内容</translation>
    </message>
    <message>
        <source>The difference</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
</context>
<context>
    <name>DoctorPage</name>
    <message>
        <source>Doctor</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>复制为文本</translation>
    </message>
    <message>
        <source>Copies all findings with their evidence</source>
        <translation>复制所有发现及其证据</translation>
    </message>
    <message>
        <source>Support bundle…</source>
        <translation>支持包…</translation>
    </message>
    <message>
        <source>Gathers what helps others to see what is wrong, without secrets</source>
        <translation>收集帮助他人看清问题的内容，不含机密</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Looks at everything now (F5)</source>
        <translation>立即检查全部（F5）</translation>
    </message>
    <message>
        <source>All is well with</source>
        <translation>正常项</translation>
    </message>
    <message>
        <source>Could not look at</source>
        <translation>未能查看</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>What is set and not in force, what fights, what is short, and what mends it</source>
        <translation>哪些设置没有生效，哪里冲突，缺少什么，以及如何修复</translation>
    </message>
</context>
<context>
    <name>DoctorState</name>
    <message>
        <source>Check now</source>
        <translation>立即检查</translation>
    </message>
    <message>
        <source>Looks at servers, settings, memory and requests</source>
        <translation>检查服务器、设置、内存和请求</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>The doctor could not look</source>
        <translation>未能完成诊断</translation>
    </message>
    <message>
        <source>It reads settings, logs, processes and the system; nothing is changed.</source>
        <translation>正在读取设置、日志、进程和系统信息；不做任何更改。</translation>
    </message>
    <message>
        <source>Looking at this machine…</source>
        <translation>正在检查这台机器…</translation>
    </message>
    <message>
        <source>The first check comes by itself, when the panel has started and has time.</source>
        <translation>面板启动完毕并空闲时，会自动进行第一次检查。</translation>
    </message>
    <message>
        <source>Not checked yet</source>
        <translation>尚未检查</translation>
    </message>
    <message numerus="yes">
        <source>%n check(s) were made, and nothing is to be mended.</source>
        <translation>
            <numerusform>已完成 %n 项检查，没有需要修复的问题。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n could not be made.</source>
        <translation>
            <numerusform>%n 项未能进行。</numerusform>
        </translation>
    </message>
    <message>
        <source>When there is one, the doctor also looks at its settings, its models and its log.</source>
        <translation>有服务器后，诊断还会查看它的设置、模型和日志。</translation>
    </message>
    <message>
        <source>No server of Ollama runs on this machine</source>
        <translation>本机没有运行 Ollama 服务器</translation>
    </message>
    <message>
        <source>All is well</source>
        <translation>一切正常</translation>
    </message>
</context>
<context>
    <name>DrillDialog</name>
    <message>
        <source>Drill</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>Model of the drill</source>
        <translation>演练所用模型</translation>
    </message>
    <message>
        <source>The model that the secondary instance loads</source>
        <translation>备用实例加载的模型</translation>
    </message>
    <message>
        <source>Start the drill</source>
        <translation>开始演练</translation>
    </message>
    <message>
        <source>Repeat the drill</source>
        <translation>重新演练</translation>
    </message>
    <message>
        <source>No drill is under way</source>
        <translation>没有正在进行的演练</translation>
    </message>
    <message>
        <source>The engine has stopped</source>
        <translation>引擎已停止</translation>
    </message>
    <message>
        <source>The panel is starting</source>
        <translation>面板正在启动</translation>
    </message>
    <message>
        <source>A drill is under way</source>
        <translation>演练正在进行</translation>
    </message>
    <message>
        <source>Choose a fault</source>
        <translation>请选择一种故障</translation>
    </message>
    <message>
        <source>No drill was run since the panel has started.</source>
        <translation>面板启动以来还没有演练。</translation>
    </message>
    <message>
        <source>{instance} gets ready for the drill, and loads the model…</source>
        <translation>{instance} 正在为演练做准备，并加载模型…</translation>
    </message>
    <message>
        <source>The drill is under way at {instance}.</source>
        <translation>演练正在 {instance} 上进行。</translation>
    </message>
    <message>
        <source>The drill could not go on.</source>
        <translation>演练无法继续。</translation>
    </message>
    <message numerus="yes">
        <source>The panel did not cope with %n fault(s).</source>
        <translation>
            <numerusform>面板未能应对 %n 种故障。</numerusform>
        </translation>
    </message>
    <message>
        <source>The panel coped with every fault.</source>
        <translation>面板应对了所有故障。</translation>
    </message>
    <message>
        <source>{score} of 100</source>
        <translation>{score} / 100</translation>
    </message>
    <message>
        <source>Does this to a secondary instance, one after the other</source>
        <translation>在一个次要实例上依次制造这些故障</translation>
    </message>
    <message>
        <source>Ends the drill; all is as it was before</source>
        <translation>结束演练；一切恢复原状</translation>
    </message>
    <message>
        <source>There is no model here that answers chats</source>
        <translation>这里没有能回答聊天的模型</translation>
    </message>
    <message>
        <source>One more worker starts and loads {model} ({size}); without room for it in memory, the pool&apos;s last worker is taken. The drill sends requests of its own, and strikes only while no client&apos;s is there.</source>
        <translation>另外启动一个工作进程并加载 {model}（{size}）；内存放不下时，改用该池的最后一个工作进程。演练自己发送请求，只在没有客户端请求在场时才制造故障。</translation>
    </message>
    <message>
        <source>There is no model here that answers chats, so there is nothing to drill with.</source>
        <translation>这里没有能回答聊天的模型，因此无法演练。</translation>
    </message>
    <message>
        <source>The drill was cancelled: all is as it was before.</source>
        <translation>演练已取消，一切恢复原状。</translation>
    </message>
    <message>
        <source>The panel coped with every fault that was carried out.</source>
        <translation>已制造的每个故障，面板都应对了。</translation>
    </message>
    <message>
        <source>No fault was carried out.</source>
        <translation>没有制造任何故障。</translation>
    </message>
    <message>
        <source>The smallest one</source>
        <translation>最小的模型</translation>
    </message>
    <message>
        <source>Cancel the drill</source>
        <translation>取消演练</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>A drill goes on; the page Instances leads back to it</source>
        <translation>演练会继续；可从“实例”页回到这里</translation>
    </message>
    <message>
        <source>What happens to requests when Ollama crashes or hangs? The drill does that to a secondary instance, and tells how soon the panel notices, what is lost, and how soon it serves again.</source>
        <translation>Ollama 崩溃或卡死时，请求会怎样？演练在一个次要实例上制造这些故障，并告诉您面板多久发现、丢失了什么、多久恢复服务。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
</context>
<context>
    <name>DrillSteps</name>
    <message>
        <source>Fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Noticed after</source>
        <translation>发现用时</translation>
    </message>
    <message>
        <source>Back after</source>
        <translation>恢复用时</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>丢失</translation>
    </message>
    <message>
        <source>Broken off</source>
        <translation>中断</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
</context>
<context>
    <name>EarlierRow</name>
    <message>
        <source>Tick two to compare them</source>
        <translation>勾选两项即可比较</translation>
    </message>
    <message>
        <source>Shows this tuning</source>
        <translation>显示这次调优</translation>
    </message>
    <message>
        <source>this one</source>
        <translation>当前这次</translation>
    </message>
    <message>
        <source>Show {model}, {time}</source>
        <translation>显示 {model}，{time}</translation>
    </message>
    <message>
        <source>Compare {model}, {time}</source>
        <translation>比较 {model}，{time}</translation>
    </message>
</context>
<context>
    <name>EarlierTunings</name>
    <message>
        <source>Earlier tunings</source>
        <translation>以往的调优</translation>
    </message>
    <message>
        <source>Compare 2</source>
        <translation>比较两次</translation>
    </message>
    <message>
        <source>Shows two tunings side by side: tick them first</source>
        <translation>并排显示两次调优：请先勾选</translation>
    </message>
    <message>
        <source>None yet: the first one is listed here when it has ended.</source>
        <translation>还没有：第一次调优结束后会列在这里。</translation>
    </message>
    <message>
        <source>Model and goal</source>
        <translation>模型与目标</translation>
    </message>
    <message>
        <source>best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>Embeddings per second and tokens per second cannot be compared</source>
        <translation>每秒嵌入数与每秒词元数无法比较</translation>
    </message>
</context>
<context>
    <name>EffectiveValues</name>
    <message>
        <source>Setting</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Wanted</source>
        <translation>期望值</translation>
    </message>
    <message>
        <source>Effective</source>
        <translation>实际值</translation>
    </message>
    <message>
        <source>Read from</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Loaded model whose values are shown</source>
        <translation>显示其数值的已加载模型</translation>
    </message>
    <message>
        <source>Loaded model</source>
        <translation>已加载模型</translation>
    </message>
    <message>
        <source>Wanted and effective values</source>
        <translation>期望值与实际值</translation>
    </message>
    <message>
        <source>{part} of {whole}</source>
        <translation>{part} / {whole}</translation>
    </message>
    <message>
        <source>{source}: {parts}</source>
        <translation>{source}：{parts}</translation>
    </message>
    <message>
        <source>{source} ({name})</source>
        <translation>{source}（{name}）</translation>
    </message>
    <message>
        <source>loaded model ({name})</source>
        <translation>已加载模型（{name}）</translation>
    </message>
</context>
<context>
    <name>EffectsStep</name>
    <message>
        <source>What will happen</source>
        <translation>将执行的操作</translation>
    </message>
    <message>
        <source>Nothing has been changed yet. Start does exactly this.</source>
        <translation>尚未更改任何内容。点击“开始”后只做以下这些。</translation>
    </message>
    <message>
        <source>The panel does</source>
        <translation>由面板完成</translation>
    </message>
    <message>
        <source>You do</source>
        <translation>由您完成</translation>
    </message>
    <message>
        <source>This is what Start does.</source>
        <translation>这就是点击“开始”后所做的事。</translation>
    </message>
</context>
<context>
    <name>EnvironmentEditor</name>
    <message>
        <source>Variables…</source>
        <translation>变量…</translation>
    </message>
    <message>
        <source>All variables with their types, defaults and versions</source>
        <translation>所有变量及其类型、默认值和版本</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Variables that belong together</source>
        <translation>成套的变量</translation>
    </message>
    <message>
        <source>Line {number} is not NAME=value.</source>
        <translation>第 {number} 行不是 NAME=value。</translation>
    </message>
    <message>
        <source>Gain: {text}</source>
        <translation>收益：{text}</translation>
    </message>
    <message>
        <source>Cost: {text}</source>
        <translation>代价：{text}</translation>
    </message>
    <message>
        <source>The installed version does not know it: {why}.</source>
        <translation>已安装的版本不认识它：{why}。</translation>
    </message>
</context>
<context>
    <name>ExportOptions</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Which of the files is shown</source>
        <translation>显示哪个文件</translation>
    </message>
    <message>
        <source>What computes there</source>
        <translation>那里用什么计算</translation>
    </message>
    <message>
        <source>The cards of the machine that it goes to</source>
        <translation>目标机器的显卡</translation>
    </message>
    <message>
        <source>Service manager</source>
        <translation>服务管理器</translation>
    </message>
    <message>
        <source>Who runs Ollama: the system, or the user</source>
        <translation>由谁运行 Ollama：系统还是用户</translation>
    </message>
    <message>
        <source>System service</source>
        <translation>系统服务</translation>
    </message>
    <message>
        <source>User service</source>
        <translation>用户服务</translation>
    </message>
    <message>
        <source>NVIDIA (CUDA)</source>
        <translation>NVIDIA（CUDA）</translation>
    </message>
    <message>
        <source>AMD (ROCm)</source>
        <translation>AMD（ROCm）</translation>
    </message>
    <message>
        <source>Vulkan</source>
        <translation>Vulkan</translation>
    </message>
    <message>
        <source>Apple (Metal)</source>
        <translation>Apple（Metal）</translation>
    </message>
    <message>
        <source>CPU only</source>
        <translation>仅 CPU</translation>
    </message>
</context>
<context>
    <name>ExportPage</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>The settings that were measured, for wherever Ollama runs</source>
        <translation>经过测量的设置，可用于任何运行 Ollama 的地方</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>What to do next</source>
        <translation>接下来要做的</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>手动操作</translation>
    </message>
    <message>
        <source>Being checked…</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>Save export</source>
        <translation>保存导出</translation>
    </message>
    <message>
        <source>Save export into a folder</source>
        <translation>将导出保存到文件夹</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>已保存</translation>
    </message>
    <message numerus="yes">
        <source>Replace %n file(s) in this folder?</source>
        <translation>
            <numerusform>替换此文件夹中的 %n 个文件？</numerusform>
        </translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>ExportPreview</name>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Shows the text of the export</source>
        <translation>显示导出的文本</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Shows what differs from what is installed on this machine</source>
        <translation>显示与本机已安装内容的差异</translation>
    </message>
    <message>
        <source>Preview of the export</source>
        <translation>导出预览</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copies the text of this file</source>
        <translation>复制此文件的文本</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Writes the text to a file</source>
        <translation>将文本写入文件</translation>
    </message>
    <message>
        <source>Over SSH…</source>
        <translation>通过 SSH…</translation>
    </message>
    <message>
        <source>Puts it in force on another machine, after a question</source>
        <translation>确认后在另一台机器上生效</translation>
    </message>
    <message>
        <source>Apply here…</source>
        <translation>在本机应用…</translation>
    </message>
    <message>
        <source>Shows what would change, and asks</source>
        <translation>显示将更改的内容并询问</translation>
    </message>
    <message>
        <source>Save all…</source>
        <translation>全部保存…</translation>
    </message>
    <message>
        <source>Writes all files into a folder</source>
        <translation>将所有文件写入一个文件夹</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>有差异</translation>
    </message>
    <message>
        <source>new</source>
        <translation>新</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new or changed</source>
        <translation>
            <numerusform>%n 行新增或更改</numerusform>
        </translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>the steps say where it goes</source>
        <translation>放置位置见步骤说明</translation>
    </message>
    <message>
        <source>This text has no fixed place on a machine, so there is nothing to compare.</source>
        <translation>此文本在机器上没有固定位置，因此没有可比较的内容。</translation>
    </message>
    <message>
        <source>What is installed is being read…</source>
        <translation>正在读取已安装的内容…</translation>
    </message>
    <message>
        <source>Nothing is installed there yet: every line is new.</source>
        <translation>那里还没有安装任何内容：每一行都是新的。</translation>
    </message>
    <message>
        <source>What is installed is the same.</source>
        <translation>已安装的内容与此相同。</translation>
    </message>
</context>
<context>
    <name>ExportScope</name>
    <message>
        <source>Settings to export</source>
        <translation>要导出的设置</translation>
    </message>
    <message>
        <source>The settings in force, or those of a profile</source>
        <translation>当前生效的设置，或某个配置方案的设置</translation>
    </message>
    <message>
        <source>Pools to export</source>
        <translation>要导出的池</translation>
    </message>
    <message>
        <source>All pools, or one of them</source>
        <translation>所有池，或其中一个</translation>
    </message>
    <message>
        <source>Settings in force</source>
        <translation>当前生效的设置</translation>
    </message>
    <message numerus="yes">
        <source>Profile: {name}, %n slot(s)</source>
        <translation>
            <numerusform>配置方案：{name}，%n 个槽位</numerusform>
        </translation>
    </message>
    <message>
        <source>Both pools</source>
        <translation>两个池</translation>
    </message>
    <message>
        <source>All pools</source>
        <translation>所有池</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <source>Throughput</source>
        <translation>吞吐量</translation>
    </message>
    <message>
        <source>Tokens that all instances generate in a second, together</source>
        <translation>所有实例每秒生成的词元总数</translation>
    </message>
    <message>
        <source>Active requests</source>
        <translation>活动请求</translation>
    </message>
    <message>
        <source>Requests that instances work on now, of all slots there are</source>
        <translation>实例正在处理的请求数与全部槽位数</translation>
    </message>
    <message>
        <source>Chat: first token p95</source>
        <translation>聊天：首词元 p95</translation>
    </message>
    <message>
        <source>19 of 20 chats of the last minute had their first token within this time, waiting included</source>
        <translation>最近一分钟内，20 个聊天中有 19 个在此时间内得到首个词元，含等待时间</translation>
    </message>
    <message>
        <source>Batch throughput</source>
        <translation>批处理吞吐量</translation>
    </message>
    <message>
        <source>What batch work has got done in the last minute, while chats went before it</source>
        <translation>最近一分钟内批处理完成的工作量，聊天始终优先</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Memory that models can use, how much of it is used, and how busy the GPU is</source>
        <translation>模型可用的内存、已使用多少，以及 GPU 的繁忙程度</translation>
    </message>
    <message>
        <source>{used}, GPU {busy}</source>
        <translation>{used}，GPU {busy}</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n 个等待</numerusform>
        </translation>
    </message>
    <message>
        <source>no queue</source>
        <translation>无排队</translation>
    </message>
    <message>
        <source>1 min</source>
        <translation>1 分钟</translation>
    </message>
    <message>
        <source>requests/min</source>
        <translation>请求/分钟</translation>
    </message>
</context>
<context>
    <name>FindingCard</name>
    <message>
        <source>Under way…</source>
        <translation>进行中…</translation>
    </message>
    <message>
        <source>{action}: {finding}</source>
        <translation>{action}：{finding}</translation>
    </message>
    <message>
        <source>Commands that mend it</source>
        <translation>用于修复的命令</translation>
    </message>
    <message>
        <source>Less</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Hides evidence and fix</source>
        <translation>隐藏证据和修复方法</translation>
    </message>
    <message>
        <source>Shows evidence and fix</source>
        <translation>显示证据和修复方法</translation>
    </message>
    <message>
        <source>Sets it aside, below the others; it counts no more</source>
        <translation>移到下方，不再计入</translation>
    </message>
    <message>
        <source>Copies the commands that mend it, to type them yourself</source>
        <translation>复制用于修复的命令，由你自己输入</translation>
    </message>
    <message>
        <source>Shows first what it does.</source>
        <translation>先显示将要做什么。</translation>
    </message>
    <message>
        <source>Ignore</source>
        <translation>忽略</translation>
    </message>
    <message>
        <source>Copy commands</source>
        <translation>复制命令</translation>
    </message>
</context>
<context>
    <name>FindingDifference</name>
    <message>
        <source>What the fix changes</source>
        <translation>修复所做的更改</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Found and advised</source>
        <translation>检测结果与建议</translation>
    </message>
    <message>
        <source>What will happen</source>
        <translation>将执行的操作</translation>
    </message>
    <message>
        <source>Connect programs</source>
        <translation>连接程序</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Only look around (simulated)</source>
        <translation>只是看看（模拟）</translation>
    </message>
    <message>
        <source>Shows the panel with a simulated Ollama; the one of this machine is left alone</source>
        <translation>用模拟的 Ollama 展示面板；本机的 Ollama 不受影响</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Shows the step before</source>
        <translation>显示上一步</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Leaves the first steps; they come back from the menu</source>
        <translation>离开入门步骤；可从菜单中再次打开</translation>
    </message>
    <message>
        <source>Next: what will happen</source>
        <translation>下一步：将执行的操作</translation>
    </message>
    <message>
        <source>The next step shows every file and command. Undo stays possible.</source>
        <translation>下一步会列出每个文件和每条命令。之后仍可撤销。</translation>
    </message>
    <message>
        <source>Next: connect</source>
        <translation>下一步：连接</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Next: test</source>
        <translation>下一步：测试</translation>
    </message>
    <message>
        <source>New programs can take this address or Ollama&apos;s own.</source>
        <translation>新程序可用此地址，也可用 Ollama 自己的地址。</translation>
    </message>
    <message>
        <source>Each program needs this address once.</source>
        <translation>每个程序只需设置一次这个地址。</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>The Overview shows what happens from now on.</source>
        <translation>此后的情况显示在“总览”页。</translation>
    </message>
    <message>
        <source>Cancel the test</source>
        <translation>取消测试</translation>
    </message>
    <message>
        <source>Send a test</source>
        <translation>发送测试</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在开始…</translation>
    </message>
    <message>
        <source>It is done.</source>
        <translation>已完成。</translation>
    </message>
    <message>
        <source>You can undo it afterwards.</source>
        <translation>之后可以撤销。</translation>
    </message>
    <message>
        <source>Starting: the workers come one after the other.</source>
        <translation>正在开始：工作进程逐个启动。</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>完成。</translation>
    </message>
    <message>
        <source>Type this in a terminal; the panel sees when it is done.</source>
        <translation>请在终端中输入以下命令；完成后面板会自动察觉。</translation>
    </message>
</context>
<context>
    <name>FixDialog</name>
    <message>
        <source>Mend</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>Mended</source>
        <translation>修复后</translation>
    </message>
    <message>
        <source>Let the system ask for the password of an administrator</source>
        <translation>让系统询问管理员密码</translation>
    </message>
    <message>
        <source>Otherwise the commands are shown, for you to type</source>
        <translation>否则显示命令，由你输入</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>以前</translation>
    </message>
    <message>
        <source>Brings back what was there before</source>
        <translation>恢复之前的内容</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>What is under way goes on</source>
        <translation>进行中的操作会继续</translation>
    </message>
    <message>
        <source>Break off</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>What was written goes back</source>
        <translation>已写入的内容会恢复原状</translation>
    </message>
    <message>
        <source>Restart now</source>
        <translation>立即重启</translation>
    </message>
    <message>
        <source>Answers under way break off</source>
        <translation>进行中的回答会中断</translation>
    </message>
    <message>
        <source>Mend it</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>As before.</source>
        <translation>已恢复原状。</translation>
    </message>
    <message>
        <source>Type the commands that wait for you, then go on.</source>
        <translation>请输入等待你执行的命令，然后继续。</translation>
    </message>
    <message>
        <source>Mended.</source>
        <translation>已修复。</translation>
    </message>
    <message>
        <source>Under way…</source>
        <translation>进行中…</translation>
    </message>
    <message>
        <source>Check again when it is done.</source>
        <translation>完成后请重新检查。</translation>
    </message>
    <message>
        <source>Looking at what is there…</source>
        <translation>正在查看那里的内容…</translation>
    </message>
    <message>
        <source>Nothing is changed yet.</source>
        <translation>尚未更改任何内容。</translation>
    </message>
    <message>
        <source>Type these commands, or do the same in another way</source>
        <translation>输入这些命令，或用其他方式达到同样效果</translation>
    </message>
    <message>
        <source>What is left</source>
        <translation>剩余步骤</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Looks whether it is done</source>
        <translation>查看是否已完成</translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Does these steps, proves them, or goes back</source>
        <translation>执行这些步骤并验证，否则恢复原状</translation>
    </message>
    <message>
        <source>It is still as before.</source>
        <translation>仍与之前一样。</translation>
    </message>
    <message>
        <source>Done: it is not found any more.</source>
        <translation>完成：问题已不再出现。</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
</context>
<context>
    <name>FoundCard</name>
    <message>
        <source>Found</source>
        <translation>检测结果</translation>
    </message>
</context>
<context>
    <name>FoundStep</name>
    <message>
        <source>Found on this machine, and what we advise</source>
        <translation>本机检测结果与建议</translation>
    </message>
    <message>
        <source>Nothing of yours has been changed yet. Untick what you do not want.</source>
        <translation>您的任何内容都尚未更改。请取消勾选不需要的项。</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查找</translation>
    </message>
    <message>
        <source>Looks for servers and programs now</source>
        <translation>立即查找服务器和程序</translation>
    </message>
</context>
<context>
    <name>GpuBlock</name>
    <message>
        <source>Busy</source>
        <translation>使用率</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>显存</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>功率</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>频率</translation>
    </message>
    <message>
        <source>Memory clock</source>
        <translation>显存频率</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>显卡</translation>
    </message>
</context>
<context>
    <name>GpuSwitch</name>
    <message>
        <source>Back</source>
        <translation>收回</translation>
    </message>
    <message>
        <source>{what} (Ctrl+G)</source>
        <translation>{what}（Ctrl+G）</translation>
    </message>
    <message>
        <source>A right click has the choice again</source>
        <translation>右键可重新选择</translation>
    </message>
</context>
<context>
    <name>GpuTexts</name>
    <message>
        <source>Give me my GPU</source>
        <translation>把 GPU 给我</translation>
    </message>
    <message>
        <source>Give me my memory</source>
        <translation>把内存给我</translation>
    </message>
    <message>
        <source>Take the GPU back</source>
        <translation>收回 GPU</translation>
    </message>
    <message>
        <source>Take the memory back</source>
        <translation>收回内存</translation>
    </message>
    <message>
        <source>Cut them now</source>
        <translation>立即中断</translation>
    </message>
    <message>
        <source>another program</source>
        <translation>另一个程序</translation>
    </message>
    <message>
        <source>{program} still uses it, but you have taken it back.</source>
        <translation>{program} 仍在使用，但您已收回。</translation>
    </message>
    <message>
        <source>Unloads all models, and lets requests wait until you take it back</source>
        <translation>卸载所有模型，请求等待到您收回为止</translation>
    </message>
    <message>
        <source>Requests that wait are answered again; the models are loaded as they are needed</source>
        <translation>等待的请求会继续得到回答；模型在需要时加载</translation>
    </message>
    <message>
        <source>Ends the answers that are being written; what has been written of them stays with the clients</source>
        <translation>中断正在生成的回答；已生成的部分保留在客户端</translation>
    </message>
    <message numerus="yes">
        <source>Let %n request(s) end first</source>
        <translation>
            <numerusform>先让 %n 个请求结束</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cut %n request(s) now</source>
        <translation>
            <numerusform>立即中断 %n 个请求</numerusform>
        </translation>
    </message>
    <message>
        <source>Freeing the GPU…</source>
        <translation>正在腾出 GPU…</translation>
    </message>
    <message>
        <source>Freeing the memory…</source>
        <translation>正在腾出内存…</translation>
    </message>
    <message>
        <source>{program} has the GPU</source>
        <translation>{program} 占用 GPU</translation>
    </message>
    <message>
        <source>{program} has the memory</source>
        <translation>{program} 占用内存</translation>
    </message>
    <message>
        <source>Others have the GPU</source>
        <translation>其他程序占用 GPU</translation>
    </message>
    <message>
        <source>Others have the memory</source>
        <translation>其他程序占用内存</translation>
    </message>
    <message>
        <source>You have the GPU</source>
        <translation>GPU 归您使用</translation>
    </message>
    <message>
        <source>You have the memory</source>
        <translation>内存归您使用</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) still end</source>
        <translation>
            <numerusform>还有 %n 个请求要结束</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) wait</source>
        <translation>
            <numerusform>%n 个请求等待</numerusform>
        </translation>
    </message>
    <message>
        <source>{size} freed</source>
        <translation>已释放 {size}</translation>
    </message>
    <message numerus="yes">
        <source>%n note(s) in the alerts</source>
        <translation>
            <numerusform>提醒中有 %n 条说明</numerusform>
        </translation>
    </message>
    <message>
        <source>back in {time}</source>
        <translation>{time} 后收回</translation>
    </message>
    <message>
        <source>until {program} ends</source>
        <translation>直到 {program} 结束</translation>
    </message>
    <message>
        <source>until they are done</source>
        <translation>直到它们用完</translation>
    </message>
    <message>
        <source>until you take it back</source>
        <translation>直到您收回</translation>
    </message>
</context>
<context>
    <name>GuidesCard</name>
    <message>
        <source>Set up a program</source>
        <translation>设置程序</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Find a program</source>
        <translation>查找程序</translation>
    </message>
    <message>
        <source>Programs</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>Make a key</source>
        <translation>生成密钥</translation>
    </message>
    <message>
        <source>Settings to copy</source>
        <translation>要复制的设置</translation>
    </message>
    <message>
        <source>{program}, has come</source>
        <translation>{program}，已连接过</translation>
    </message>
    <message>
        <source>Goes into {file}</source>
        <translation>写入 {file}</translation>
    </message>
    <message>
        <source>Where the program runs</source>
        <translation>程序在何处运行</translation>
    </message>
    <message>
        <source>The address, and the commands, are those for a program that runs there</source>
        <translation>地址和命令适用于在该处运行的程序</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>在本机</translation>
    </message>
    <message>
        <source>In a container</source>
        <translation>在容器中</translation>
    </message>
    <message>
        <source>Elsewhere: Linux</source>
        <translation>其他机器：Linux</translation>
    </message>
    <message>
        <source>Elsewhere: macOS</source>
        <translation>其他机器：macOS</translation>
    </message>
    <message>
        <source>Elsewhere: Windows</source>
        <translation>其他机器：Windows</translation>
    </message>
    <message>
        <source>As {program} {version} has it</source>
        <translation>适用于 {program} {version}</translation>
    </message>
    <message>
        <source>The key “{name}” is in the text above until you leave this page, and is never shown again.</source>
        <translation>密钥“{name}”在您离开此页之前显示在上面的文本中，以后不再显示。</translation>
    </message>
    <message>
        <source>The panel asks for a key: make one for this program.</source>
        <translation>面板需要密钥：请为此程序生成一个。</translation>
    </message>
    <message>
        <source>No key is needed</source>
        <translation>不需要密钥</translation>
    </message>
    <message>
        <source>This program cannot send a key</source>
        <translation>此程序无法发送密钥</translation>
    </message>
    <message>
        <source>Makes a key for this program and puts it into the text below, once</source>
        <translation>为此程序生成密钥，并写入下面的文本（只显示一次）</translation>
    </message>
    <message>
        <source>The key “{name}” was made</source>
        <translation>已生成密钥“{name}”</translation>
    </message>
    <message>
        <source>It is in the text to copy.</source>
        <translation>它在要复制的文本中。</translation>
    </message>
</context>
<context>
    <name>HandSteps</name>
    <message>
        <source>Copy commands</source>
        <translation>复制命令</translation>
    </message>
    <message>
        <source>Copies the commands of all steps</source>
        <translation>复制所有步骤的命令</translation>
    </message>
    <message>
        <source>The steps are told with the text.</source>
        <translation>有了导出内容后，这里会列出步骤。</translation>
    </message>
</context>
<context>
    <name>HardwareTable</name>
    <message>
        <source>What was measured here, and what is published, with sources</source>
        <translation>本机的测量值和已发布的数据，附来源</translation>
    </message>
    <message>
        <source>Hide other hardware</source>
        <translation>隐藏其他硬件</translation>
    </message>
    <message>
        <source>Compare with other hardware</source>
        <translation>与其他硬件比较</translation>
    </message>
    <message>
        <source>Hardware</source>
        <translation>硬件</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message numerus="yes">
        <source>measured in %n answer(s)</source>
        <translation>
            <numerusform>在 %n 个回答中测得</numerusform>
        </translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>guides, without model or method: {requests} requests/s</source>
        <translation>各种指南，未说明模型和方法：{requests} 请求/秒</translation>
    </message>
</context>
<context>
    <name>HistoryPart</name>
    <message>
        <source>Last 24 hours</source>
        <translation>最近 24 小时</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新读取</translation>
    </message>
    <message>
        <source>Reads what has happened meanwhile</source>
        <translation>读取这段时间发生的事</translation>
    </message>
    <message>
        <source>Look again at the last 24 hours</source>
        <translation>重新读取最近 24 小时</translation>
    </message>
    <message>
        <source>Reading the history…</source>
        <translation>正在读取历史记录…</translation>
    </message>
    <message>
        <source>All of it: ollama-panel history --events</source>
        <translation>全部内容：ollama-panel history --events</translation>
    </message>
    <message>
        <source>No request has ended.</source>
        <translation>没有已结束的请求。</translation>
    </message>
    <message>
        <source>{ended} requests ended: {failed} failed, {refused} refused, {cancelled} cancelled.</source>
        <translation>已结束 {ended} 个请求：{failed} 个失败，{refused} 个被拒绝，{cancelled} 个被取消。</translation>
    </message>
</context>
<context>
    <name>IgnoredCard</name>
    <message>
        <source>Show again</source>
        <translation>重新显示</translation>
    </message>
    <message>
        <source>ignored since {day}</source>
        <translation>自{day}起忽略</translation>
    </message>
    <message>
        <source>Shows it with the others, and counts it again</source>
        <translation>与其他发现一起显示，并重新计入</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Import settings</source>
        <translation>导入设置</translation>
    </message>
    <message>
        <source>A file, a folder, a unit or a container; empty: all of this machine</source>
        <translation>文件、文件夹、单元或容器；留空：本机的全部</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Reads what is there; nothing is changed</source>
        <translation>只读取现有内容，不作任何更改</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>文件…</translation>
    </message>
    <message>
        <source>A unit, a plist, a Compose file, a script, a profile of a shell…</source>
        <translation>单元、plist、Compose 文件、脚本、shell 配置文件…</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>Looks at the files in it</source>
        <translation>查看其中的文件</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>采用</translation>
    </message>
    <message>
        <source>This becomes settings of the panel.</source>
        <translation>这些将成为面板的设置。</translation>
    </message>
    <message>
        <source>Ignored</source>
        <translation>忽略</translation>
    </message>
    <message>
        <source>This has no effect here, each for its reason.</source>
        <translation>这些在此不起作用，原因各自注明。</translation>
    </message>
    <message>
        <source>Wrong</source>
        <translation>有误</translation>
    </message>
    <message>
        <source>Mistakes in the sources, which stay as they are. The page Doctor mends those of this machine.</source>
        <translation>来源中的错误，来源保持不变。本机的错误可在“诊断”页修复。</translation>
    </message>
    <message>
        <source>What can be read: units and drop-ins of systemd, property lists of launchd, Compose files, containers, quadlets, scripts and profiles of shells, environment files, NixOS, Ansible, Kubernetes, Helm, Unraid, TrueNAS, and exports of this panel. Choose one above, or drop it on this window.</source>
        <translation>可以读取：systemd 单元与 drop-in、launchd 属性列表、Compose 文件、容器、quadlet、shell 脚本与配置文件、环境文件、NixOS、Ansible、Kubernetes、Helm、Unraid、TrueNAS，以及本面板的导出。请在上方选择，或拖到此窗口。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Changes the settings; Undo takes it back</source>
        <translation>更改设置；可以撤销</translation>
    </message>
    <message>
        <source>It is taken all the same.</source>
        <translation>仍然予以采用。</translation>
    </message>
    <message>
        <source>{sources} with {servers}: {taken} taken, {ignored} ignored, {wrong} wrong</source>
        <translation>{sources}，{servers}：采用 {taken}，忽略 {ignored}，有误 {wrong}</translation>
    </message>
    <message numerus="yes">
        <source>%n source(s)</source>
        <translation>
            <numerusform>%n 个来源</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n server(s)</source>
        <translation>
            <numerusform>%n 台服务器</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing: the settings are so already.</source>
        <translation>没有：设置已是如此。</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>没有</translation>
    </message>
    <message>
        <source>Looking at what is there…</source>
        <translation>正在查看现有内容…</translation>
    </message>
    <message>
        <source>Instances restart one after the other…</source>
        <translation>实例正在逐个重启…</translation>
    </message>
    <message>
        <source>Nothing could be taken: no server of Ollama is set up there.</source>
        <translation>没有可以采用的内容：那里没有设置 Ollama 服务器。</translation>
    </message>
    <message>
        <source>Import a folder</source>
        <translation>导入文件夹</translation>
    </message>
    <message>
        <source>Import a file</source>
        <translation>导入文件</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Or drop a file or a folder on this window.</source>
        <translation>也可以把文件或文件夹拖到此窗口。</translation>
    </message>
    <message>
        <source>This changes</source>
        <translation>将会更改</translation>
    </message>
    <message>
        <source>Only if you say so</source>
        <translation>仅在您同意时</translation>
    </message>
</context>
<context>
    <name>InstallCard</name>
    <message>
        <source>Install Ollama</source>
        <translation>安装 Ollama</translation>
    </message>
    <message>
        <source>Type this line in a terminal:</source>
        <translation>请在终端中输入这一行：</translation>
    </message>
    <message>
        <source>The panel notices it by itself, and this step goes on. Until then you can look around.</source>
        <translation>面板会自动察觉并继续这一步。在此之前您可以先看看。</translation>
    </message>
    <message>
        <source>Other ways…</source>
        <translation>其他方式…</translation>
    </message>
    <message>
        <source>Opens {url} in your browser</source>
        <translation>在浏览器中打开 {url}</translation>
    </message>
</context>
<context>
    <name>InstanceBlock</name>
    <message>
        <source>Process memory</source>
        <translation>进程内存</translation>
    </message>
    <message>
        <source>CPU, of one core</source>
        <translation>CPU（占单核）</translation>
    </message>
</context>
<context>
    <name>InstanceDetail</name>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Starts this instance</source>
        <translation>启动此实例</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Running requests end first; waiting ones go to other instances or wait</source>
        <translation>先处理完正在运行的请求；等待中的请求转到其他实例或继续等待</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>Running requests end first, then the process is replaced</source>
        <translation>先处理完正在运行的请求，再替换进程</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Pool</source>
        <translation>池</translation>
    </message>
    <message>
        <source>Ollama version</source>
        <translation>Ollama 版本</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>Process memory</source>
        <translation>进程内存</translation>
    </message>
    <message>
        <source>Restarts</source>
        <translation>重启次数</translation>
    </message>
    <message>
        <source>Served</source>
        <translation>已处理</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Its successor is starting; this one serves until that is ready.</source>
        <translation>后继进程正在启动；在其就绪前由当前进程服务。</translation>
    </message>
    <message>
        <source>Requests at once</source>
        <translation>同时运行的请求数</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Open log file</source>
        <translation>打开日志文件</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Copy the path of the log file</source>
        <translation>复制日志文件路径</translation>
    </message>
    <message>
        <source>Log of this instance</source>
        <translation>此实例的日志</translation>
    </message>
    <message>
        <source>No file has the log of this instance</source>
        <translation>没有该实例的日志文件</translation>
    </message>
    <message>
        <source>Opens the file with all that it has logged</source>
        <translation>打开含全部日志的文件</translation>
    </message>
    <message>
        <source>Copies the path of the file to the clipboard</source>
        <translation>把文件路径复制到剪贴板</translation>
    </message>
    <message>
        <source>This server was already running: the panel uses it, but never stops it, and cannot change its settings.</source>
        <translation>此服务器原本就在运行：面板会使用它，但绝不会停止它，也无法更改其设置。</translation>
    </message>
</context>
<context>
    <name>InstancesPage</name>
    <message>
        <source>Instances</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Takes over what is set where Ollama is started: units, plists, Compose files, containers, scripts</source>
        <translation>采用启动 Ollama 之处的设置：单元、plist、Compose 文件、容器、脚本</translation>
    </message>
    <message>
        <source>Drill…</source>
        <translation>演练…</translation>
    </message>
    <message>
        <source>No instance yet: raise Workers of a pool on the Overview page.</source>
        <translation>还没有实例：请在“总览”页调高某个池的工作进程数。</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) in flight</source>
        <translation>
            <numerusform>%n 个请求处理中</numerusform>
        </translation>
    </message>
    <message>
        <source>Drill under way…</source>
        <translation>演练进行中…</translation>
    </message>
    <message>
        <source>Kills, hangs and slows a secondary instance on purpose, and scores what the panel does</source>
        <translation>故意让一个次要实例被杀死、卡死和变慢，并为面板的表现打分</translation>
    </message>
</context>
<context>
    <name>ItemRow</name>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Use next free port</source>
        <translation>使用下一个空闲端口</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>More</source>
        <translation>详情</translation>
    </message>
</context>
<context>
    <name>LastChangeCard</name>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo the last change</source>
        <translation>重做上次更改</translation>
    </message>
    <message>
        <source>Undo the last change</source>
        <translation>撤销上次更改</translation>
    </message>
    <message>
        <source>Puts the settings in force as they were before it; what was changed since stays</source>
        <translation>恢复更改之前的设置；此后的其他更改保留</translation>
    </message>
    <message>
        <source>since then</source>
        <translation>此后</translation>
    </message>
    <message>
        <source>change</source>
        <translation>变化</translation>
    </message>
</context>
<context>
    <name>LimitLine</name>
    <message>
        <source>first token in {time}</source>
        <translation>{time} 内给出首个词元</translation>
    </message>
    <message>
        <source>{rate} tokens/s</source>
        <translation>{rate} 词元/秒</translation>
    </message>
    <message>
        <source>SLO {targets}: kept by {share} of the last {number}</source>
        <translation>SLO {targets}：最近 {number} 个请求中 {share} 达到</translation>
    </message>
    <message>
        <source>SLO {targets}: no request yet</source>
        <translation>SLO {targets}：尚无请求</translation>
    </message>
</context>
<context>
    <name>LoadedModels</name>
    <message>
        <source>Load a model…</source>
        <translation>加载模型…</translation>
    </message>
    <message>
        <source>Models in memory</source>
        <translation>内存中的模型</translation>
    </message>
    <message>
        <source>waits to be loaded</source>
        <translation>等待加载</translation>
    </message>
    <message>
        <source>is being loaded…</source>
        <translation>正在加载…</translation>
    </message>
    <message>
        <source>not in memory</source>
        <translation>不在内存中</translation>
    </message>
    <message>
        <source>None is loaded.</source>
        <translation>没有加载模型。</translation>
    </message>
    <message>
        <source>The instance does not run.</source>
        <translation>实例未运行。</translation>
    </message>
    <message>
        <source>Loads a model now, so that the first request need not wait for it</source>
        <translation>现在就加载模型，首个请求不必等待</translation>
    </message>
    <message>
        <source>pinned</source>
        <translation>已固定</translation>
    </message>
    <message>
        <source>The panel does not start this server, so nothing is pinned there</source>
        <translation>该服务器不由面板启动，无法固定模型</translation>
    </message>
    <message>
        <source>The engine has stopped</source>
        <translation>引擎已停止</translation>
    </message>
    <message>
        <source>It is being loaded</source>
        <translation>正在加载</translation>
    </message>
    <message>
        <source>The memory is given to other programs; take it back first</source>
        <translation>内存已让给其他程序；请先收回</translation>
    </message>
    <message>
        <source>is being unloaded…</source>
        <translation>正在卸载…</translation>
    </message>
    <message>
        <source>All models are loaded, or there is none</source>
        <translation>所有模型均已加载，或没有模型</translation>
    </message>
    <message>
        <source>is being changed…</source>
        <translation>正在更改…</translation>
    </message>
</context>
<context>
    <name>LoginAction</name>
    <message>
        <source>Start at login</source>
        <translation>登录时启动</translation>
    </message>
    <message>
        <source>Starts the panel hidden in the tray when you log in.</source>
        <translation>登录系统时启动面板，并隐藏在托盘中。</translation>
    </message>
    <message>
        <source>The panel starts at login</source>
        <translation>面板会在登录时启动</translation>
    </message>
    <message>
        <source>The panel does not start at login any more</source>
        <translation>面板不再在登录时启动</translation>
    </message>
</context>
<context>
    <name>MachinePage</name>
    <message>
        <source>Machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>What runs on this computer, and what it has</source>
        <translation>本机上运行的程序和本机的配置</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Overview</source>
        <translation>总览</translation>
    </message>
    <message>
        <source>Instances</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>Queue &amp; requests</source>
        <translation>队列与请求</translation>
    </message>
    <message>
        <source>Tuning</source>
        <translation>调优</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>本机</translation>
    </message>
</context>
<context>
    <name>MemoryCard</name>
    <message>
        <source>Memory after this</source>
        <translation>此后的内存</translation>
    </message>
</context>
<context>
    <name>MendedCard</name>
    <message>
        <source>Mended before</source>
        <translation>以前的修复</translation>
    </message>
    <message>
        <source>What is mended from here is listed with its way back.</source>
        <translation>在此修复的内容会列在这里，并可撤销。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Shows first what it brings back</source>
        <translation>先显示会恢复什么</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>commands are left for you to type</source>
        <translation>还有命令等待你输入</translation>
    </message>
    <message>
        <source>mended</source>
        <translation>已修复</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>Unload</source>
        <translation>卸载</translation>
    </message>
    <message>
        <source>Unload {model}</source>
        <translation>卸载 {model}</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>Loads it again now, not only at the next start</source>
        <translation>现在就重新加载，而不必等到下次启动</translation>
    </message>
    <message>
        <source>Load {model}</source>
        <translation>加载 {model}</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消固定</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>固定</translation>
    </message>
    <message>
        <source>Unpin {model}</source>
        <translation>取消固定 {model}</translation>
    </message>
    <message>
        <source>Pin {model}</source>
        <translation>固定 {model}</translation>
    </message>
    <message>
        <source>It is no longer loaded at every start; it stays in memory as others do</source>
        <translation>启动时不再自动加载；像其他模型一样留在内存中</translation>
    </message>
    <message>
        <source>It is loaded whenever a worker of the pool starts, and stays in memory</source>
        <translation>池的工作进程启动时即加载，并一直留在内存中</translation>
    </message>
    <message>
        <source>Its requests end first; the next one loads it again</source>
        <translation>先让它的请求结束；下一个请求会再次加载</translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message>
        <source>Overview</source>
        <translation>总览</translation>
    </message>
    <message>
        <source>1 min</source>
        <translation>1 分钟</translation>
    </message>
    <message>
        <source>10 min</source>
        <translation>10 分钟</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>Time range of the charts</source>
        <translation>图表时间范围</translation>
    </message>
    <message>
        <source>How far back the charts look</source>
        <translation>图表显示的时间范围</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>The one address for all clients; click to copy it</source>
        <translation>所有客户端共用的地址；点击复制</translation>
    </message>
    <message>
        <source>Add pool</source>
        <translation>添加池</translation>
    </message>
    <message>
        <source>Adds a pool with its own role, workers and settings</source>
        <translation>添加一个池，有自己的角色、工作进程和设置</translation>
    </message>
    <message>
        <source>Instances</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>Running requests end first; new ones wait until an instance runs again</source>
        <translation>先处理完正在运行的请求；新请求会等到实例再次运行</translation>
    </message>
    <message>
        <source>Stop all</source>
        <translation>全部停止</translation>
    </message>
    <message>
        <source>Start all</source>
        <translation>全部启动</translation>
    </message>
    <message>
        <source>Starts every managed instance that is stopped</source>
        <translation>启动所有已停止的受管实例</translation>
    </message>
    <message>
        <source>No instance yet: raise Workers in a pool, and press Apply.</source>
        <translation>还没有实例：调高某个池的工作进程数，然后点击“应用”。</translation>
    </message>
    <message>
        <source>not serving</source>
        <translation>未提供服务</translation>
    </message>
    <message>
        <source>{number} past the queue</source>
        <translation>{number} 个绕过队列</translation>
    </message>
    <message>
        <source>Programs that talk to Ollama past the panel, so that nothing protects the chats from them</source>
        <translation>绕过面板直接访问 Ollama 的程序，聊天得不到保护</translation>
    </message>
</context>
<context>
    <name>PanelSteps</name>
    <message>
        <source>What to do next</source>
        <translation>接下来要做的</translation>
    </message>
    <message>
        <source>Apply here</source>
        <translation>在本机应用</translation>
    </message>
    <message>
        <source>Reload and restart</source>
        <translation>重新加载并重启</translation>
    </message>
    <message>
        <source>Prove it</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Shows the difference, keeps a copy, writes the files. Says first what needs sudo.</source>
        <translation>显示差异，留备份，写入文件；先说明是否需要 sudo。</translation>
    </message>
    <message>
        <source>When no client is at work there.</source>
        <translation>在那里没有客户端工作时进行。</translation>
    </message>
    <message numerus="yes">
        <source>%n wait here meanwhile.</source>
        <translation>
            <numerusform>其间有 %n 个请求在这里等待。</numerusform>
        </translation>
    </message>
    <message>
        <source>Reads the settings back from log and process; goes back if they do not hold.</source>
        <translation>从日志和进程中读回设置；如未生效则恢复原状。</translation>
    </message>
</context>
<context>
    <name>PartColumns</name>
    <message>
        <source>Sort by</source>
        <translation>排序方式</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>{column}, descending</source>
        <translation>{column}，降序</translation>
    </message>
    <message>
        <source>{column}, ascending</source>
        <translation>{column}，升序</translation>
    </message>
    <message>
        <source>Not sorted</source>
        <translation>不排序</translation>
    </message>
    <message>
        <source>Usual columns</source>
        <translation>恢复默认列</translation>
    </message>
</context>
<context>
    <name>PartHeader</name>
    <message>
        <source>sorted by {column}</source>
        <translation>按{column}排序</translation>
    </message>
</context>
<context>
    <name>PeopleBox</name>
    <message>
        <source>How many people use them</source>
        <translation>使用人数</translation>
    </message>
</context>
<context>
    <name>PoolCard</name>
    <message>
        <source>{name} pool</source>
        <translation>{name} 池</translation>
    </message>
    <message>
        <source>More settings of {name}</source>
        <translation>{name} 的更多设置</translation>
    </message>
    <message>
        <source>Role, models, pinned models, SLO and environment of this pool; Apply puts them in force</source>
        <translation>此池的角色、模型、固定的模型、SLO 和环境变量；按“应用”生效</translation>
    </message>
    <message>
        <source>Profiles of {name}</source>
        <translation>{name} 的配置方案</translation>
    </message>
    <message>
        <source>Complete settings that are kept by name, to be applied and saved</source>
        <translation>按名称保存的完整设置，可应用和保存</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>配置方案</translation>
    </message>
    <message>
        <source>{setting} of pool {pool}</source>
        <translation>池 {pool} 的{setting}</translation>
    </message>
    <message>
        <source>Memory fit</source>
        <translation>内存需求</translation>
    </message>
    <message>
        <source>Memory fit of pool {pool}</source>
        <translation>池 {pool} 的内存需求</translation>
    </message>
    <message>
        <source>Revert</source>
        <translation>还原</translation>
    </message>
    <message>
        <source>Resets the sliders to the settings in force</source>
        <translation>把滑块恢复到当前生效的设置</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Revert for pool {pool}</source>
        <translation>还原池 {pool}</translation>
    </message>
    <message>
        <source>Apply for pool {pool}</source>
        <translation>应用池 {pool}</translation>
    </message>
    <message>
        <source>Effects of Apply for pool {pool}</source>
        <translation>应用池 {pool} 的效果</translation>
    </message>
    <message>
        <source>Pool {pool} shows what is in force again</source>
        <translation>池 {pool} 重新显示当前生效的设置</translation>
    </message>
    <message>
        <source>Remove the pool {name}?</source>
        <translation>移除池 {name}？</translation>
    </message>
    <message>
        <source>Its instances stop when their requests have ended. Its settings are forgotten.</source>
        <translation>其实例会在请求处理完后停止，其设置将被删除。</translation>
    </message>
    <message numerus="yes">
        <source>%n waiting request(s) will be refused if no other pool serves them.</source>
        <translation>
            <numerusform>如果没有其他池处理，%n 个等待中的请求将被拒绝。</numerusform>
        </translation>
    </message>
    <message>
        <source>Remove pool</source>
        <translation>移除池</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>{busy} of {slots} slots busy</source>
        <translation>{slots} 个槽位中 {busy} 个占用中</translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n 个等待</numerusform>
        </translation>
    </message>
    <message>
        <source>· profile “{profile}” is in force.</source>
        <translation>· 配置方案“{profile}”正在生效。</translation>
    </message>
    <message>
        <source>Applying…</source>
        <translation>正在应用…</translation>
    </message>
    <message>
        <source>Nothing to apply</source>
        <translation>没有要应用的更改</translation>
    </message>
</context>
<context>
    <name>PoolDialog</name>
    <message>
        <source>New pool</source>
        <translation>新建池</translation>
    </message>
    <message>
        <source>{name} pool</source>
        <translation>{name} 池</translation>
    </message>
    <message>
        <source>any</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>as clients ask, else 5 minutes</source>
        <translation>按客户端要求，否则 5 分钟</translation>
    </message>
    <message>
        <source>Ollama decides</source>
        <translation>由 Ollama 决定</translation>
    </message>
    <message>
        <source>Available: {known}</source>
        <translation>现有：{known}</translation>
    </message>
    <message>
        <source>One variable per line, NAME=value.</source>
        <translation>每行一个变量，NAME=value。</translation>
    </message>
    <message>
        <source>no promise</source>
        <translation>不作承诺</translation>
    </message>
    <message>
        <source>Remove pool</source>
        <translation>移除池</translation>
    </message>
    <message>
        <source>Its instances stop when their requests have ended</source>
        <translation>其实例会在请求处理完后停止</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Changes nothing</source>
        <translation>不做任何更改</translation>
    </message>
    <message>
        <source>Add pool</source>
        <translation>添加池</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>确定</translation>
    </message>
    <message>
        <source>Starts the pool</source>
        <translation>启动此池</translation>
    </message>
    <message>
        <source>Keeps these values; Apply puts them in force</source>
        <translation>采用这些值；点击“应用”后生效</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>哪里有误</translation>
    </message>
    <message>
        <source>What has no effect yet</source>
        <translation>哪些尚不起作用</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>Embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Vision</source>
        <translation>视觉</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批处理</translation>
    </message>
</context>
<context>
    <name>PoolValues</name>
    <message>
        <source>{name} pool</source>
        <translation>{name} 池</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Leaves the values as they are advised</source>
        <translation>保留建议的数值</translation>
    </message>
    <message>
        <source>Takes these values; nothing is changed before you click Start</source>
        <translation>采用这些数值；点击“开始”之前不会更改任何内容</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>确定</translation>
    </message>
</context>
<context>
    <name>PowerPart</name>
    <message>
        <source>Sleep and power</source>
        <translation>睡眠与电源</translation>
    </message>
    <message>
        <source>Sleep</source>
        <translation>睡眠</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>电源</translation>
    </message>
    <message>
        <source>Heat</source>
        <translation>温度状况</translation>
    </message>
    <message numerus="yes">
        <source>Kept awake while %n request(s) run or wait</source>
        <translation>
            <numerusform>保持唤醒：%n 个请求正在运行或等待</numerusform>
        </translation>
    </message>
    <message>
        <source>As the system is set; the panel keeps it awake for nothing</source>
        <translation>按系统设置；面板不会保持唤醒</translation>
    </message>
    <message>
        <source>Cannot be kept awake</source>
        <translation>无法保持唤醒</translation>
    </message>
    <message>
        <source>May sleep: no request runs or waits</source>
        <translation>可以睡眠：没有请求在运行或等待</translation>
    </message>
    <message>
        <source>battery</source>
        <translation>电池</translation>
    </message>
    <message>
        <source>mains</source>
        <translation>外接电源</translation>
    </message>
    <message>
        <source>low-power mode</source>
        <translation>低电量模式</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>normal</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>warm</source>
        <translation>偏热</translation>
    </message>
    <message>
        <source>hot: the system slows the machine down</source>
        <translation>过热：系统正在降速</translation>
    </message>
    <message>
        <source>too hot: the system slows the machine down a lot</source>
        <translation>严重过热：系统正在大幅降速</translation>
    </message>
</context>
<context>
    <name>PredictionPart</name>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Opens the page that measures which settings are the best</source>
        <translation>打开测量最佳设置的页面</translation>
    </message>
    <message>
        <source>Measure pool {pool}</source>
        <translation>测量池 {pool}</translation>
    </message>
    <message>
        <source>All answers</source>
        <translation>全部回答</translation>
    </message>
    <message>
        <source>One answer</source>
        <translation>单个回答</translation>
    </message>
    <message>
        <source>First token p95</source>
        <translation>首词元 p95</translation>
    </message>
    <message>
        <source>Prediction for pool {pool}</source>
        <translation>池 {pool} 的预测</translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Not measured yet</source>
        <translation>尚未测量</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>All texts</source>
        <translation>全部文本</translation>
    </message>
    <message>
        <source>One request</source>
        <translation>单个请求</translation>
    </message>
    <message>
        <source>texts/s</source>
        <translation>文本/秒</translation>
    </message>
    <message>
        <source>estimated</source>
        <translation>估算</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>实测</translation>
    </message>
    <message>
        <source>{time} per token</source>
        <translation>每词元 {time}</translation>
    </message>
    <message numerus="yes">
        <source>%n at once</source>
        <translation>
            <numerusform>同时 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>beyond what was measured</source>
        <translation>超出测量范围</translation>
    </message>
    <message>
        <source>measured {day}</source>
        <translation>测于 {day}</translation>
    </message>
    <message>
        <source>between {low} and {high} workers</source>
        <translation>介于 {low} 与 {high} 个工作进程之间</translation>
    </message>
    <message>
        <source>between {low} and {high} slots</source>
        <translation>介于 {low} 与 {high} 个槽位之间</translation>
    </message>
</context>
<context>
    <name>ProfileMenu</name>
    <message>
        <source>No profile yet</source>
        <translation>还没有配置方案</translation>
    </message>
    <message>
        <source>Profiles…</source>
        <translation>配置方案…</translation>
    </message>
    <message>
        <source>tune again</source>
        <translation>请重新调优</translation>
    </message>
    <message>
        <source>Gives the pool these settings</source>
        <translation>为该池应用这些设置</translation>
    </message>
    <message>
        <source>{rate} tokens/s</source>
        <translation>{rate} 词元/秒</translation>
    </message>
    <message numerus="yes">
        <source>%n slot(s)</source>
        <translation>
            <numerusform>%n 个槽位</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProfileNameDialog</name>
    <message>
        <source>Save as profile</source>
        <translation>保存为配置方案</translation>
    </message>
    <message>
        <source>Name of the profile</source>
        <translation>配置方案的名称</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Keeps the settings, with what was measured</source>
        <translation>保存这些设置及其测量结果</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Saves nothing</source>
        <translation>什么也不保存</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>It replaces the profile of this name.</source>
        <translation>将替换同名的配置方案。</translation>
    </message>
</context>
<context>
    <name>ProfileRow</name>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Shows it on the page Export, for wherever Ollama runs</source>
        <translation>在“导出”页面显示，可用于任何运行 Ollama 的地方</translation>
    </message>
    <message>
        <source>Elsewhere</source>
        <translation>用于别处</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Writes it to a file, without secrets</source>
        <translation>写入文件，不含机密</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>What is in force stays</source>
        <translation>正在生效的设置保持不变</translation>
    </message>
    <message>
        <source>in force</source>
        <translation>生效中</translation>
    </message>
    <message>
        <source>Apply {profile}</source>
        <translation>应用 {profile}</translation>
    </message>
    <message>
        <source>Use {profile} elsewhere</source>
        <translation>将 {profile} 用于别处</translation>
    </message>
    <message>
        <source>Export {profile}</source>
        <translation>导出 {profile}</translation>
    </message>
    <message>
        <source>Forget {profile}</source>
        <translation>删除 {profile}</translation>
    </message>
    <message>
        <source>pool {pool}</source>
        <translation>池 {pool}</translation>
    </message>
    <message numerus="yes">
        <source>%n worker(s)</source>
        <translation>
            <numerusform>%n 个工作进程</numerusform>
        </translation>
    </message>
    <message>
        <source>parallel {number}</source>
        <translation>并行 {number}</translation>
    </message>
    <message>
        <source>context {tokens}</source>
        <translation>上下文 {tokens}</translation>
    </message>
    <message>
        <source>{rate} tokens/s</source>
        <translation>{rate} 词元/秒</translation>
    </message>
    <message>
        <source>{time} per token</source>
        <translation>每词元 {time}</translation>
    </message>
    <message>
        <source>first token p95 {time}</source>
        <translation>首词元 p95 {time}</translation>
    </message>
    <message>
        <source>measured {day}</source>
        <translation>测于 {day}</translation>
    </message>
    <message>
        <source>saved {day}</source>
        <translation>保存于 {day}</translation>
    </message>
    <message>
        <source>imported, made {day}</source>
        <translation>导入，制作于 {day}</translation>
    </message>
</context>
<context>
    <name>ProfilesDialog</name>
    <message>
        <source>Profiles</source>
        <translation>配置方案</translation>
    </message>
    <message>
        <source>Pool</source>
        <translation>池</translation>
    </message>
    <message>
        <source>The pool that profiles are applied to, and whose settings are saved</source>
        <translation>应用配置方案的池，保存的也是它的设置</translation>
    </message>
    <message>
        <source>Name of the profile</source>
        <translation>配置方案的名称</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Keeps the settings that this pool has now</source>
        <translation>保存该池当前的设置</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Takes a profile from a file that another panel has written</source>
        <translation>从另一面板写出的文件中读取配置方案</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>No profile yet. Save the settings of a pool here, or the result of a tuning on its page.</source>
        <translation>还没有配置方案。可在此保存某个池的设置，或在调优页面保存其结果。</translation>
    </message>
    <message>
        <source>It replaces the profile of this name.</source>
        <translation>它会替换同名的配置方案。</translation>
    </message>
    <message>
        <source>Save its settings as</source>
        <translation>将其设置保存为</translation>
    </message>
</context>
<context>
    <name>ProgramsCard</name>
    <message>
        <source>Programs that use it now</source>
        <translation>正在使用它的程序</translation>
    </message>
    <message>
        <source>connections to Ollama</source>
        <translation>到 Ollama 的连接</translation>
    </message>
    <message>
        <source>Looking for programs…</source>
        <translation>正在查找程序…</translation>
    </message>
    <message>
        <source>No program is connected to Ollama now.</source>
        <translation>目前没有程序连接到 Ollama。</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Last 10 minutes</source>
        <translation>最近 10 分钟</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>process {pid}</source>
        <translation>进程 {pid}</translation>
    </message>
    <message numerus="yes">
        <source>%n process(es)</source>
        <translation>
            <numerusform>%n 个进程</numerusform>
        </translation>
    </message>
    <message>
        <source>past the queue</source>
        <translation>绕过队列</translation>
    </message>
    <message>
        <source>a web browser</source>
        <translation>网页浏览器</translation>
    </message>
    <message>
        <source>of another user</source>
        <translation>属于其他用户</translation>
    </message>
    <message>
        <source>in a container</source>
        <translation>在容器中</translation>
    </message>
    <message>
        <source>another machine</source>
        <translation>另一台机器</translation>
    </message>
    <message>
        <source>told by the server&apos;s log</source>
        <translation>来自服务器日志</translation>
    </message>
    <message>
        <source>through the queue</source>
        <translation>经过队列</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>%n 个请求</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} holds {held} of {total} connections. Ollama serves in the order of arrival, so all others wait behind it.</source>
        <translation>{name} 占用了 {total} 个连接中的 {held} 个。Ollama 按到达顺序服务，因此其他程序都排在它后面等待。</translation>
    </message>
</context>
<context>
    <name>ProgramsDialog</name>
    <message>
        <source>Programs that get the GPU</source>
        <translation>优先使用 GPU 的程序</translation>
    </message>
    <message>
        <source>Search the programs that run now</source>
        <translation>搜索正在运行的程序</translation>
    </message>
    <message>
        <source>Programs</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Changes nothing</source>
        <translation>不作更改</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>确定</translation>
    </message>
    <message>
        <source>Keeps these programs; Apply puts them in force</source>
        <translation>保留这些程序；按“应用”生效</translation>
    </message>
    <message>
        <source>While one of these runs, the models leave the memory and requests wait.</source>
        <translation>其中任一程序运行时，模型离开内存，请求等待。</translation>
    </message>
</context>
<context>
    <name>QAbstractFileIconProvider</name>
    <message>
        <source>Drive</source>
        <translation>驱动器</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>%1 File</source>
        <translation>%1 文件</translation>
    </message>
    <message>
        <source>File Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Alias</source>
        <translation>替身</translation>
    </message>
    <message>
        <source>Shortcut</source>
        <translation>快捷方式</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>&amp;Look in:</source>
        <translation>查找范围(&amp;I)：</translation>
    </message>
    <message>
        <source>Files of &amp;type:</source>
        <translation>文件类型(&amp;T)：</translation>
    </message>
</context>
<context>
    <name>ReadingsPart</name>
    <message>
        <source>Readings</source>
        <translation>读数</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Main memory</source>
        <translation>主内存</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>交换空间</translation>
    </message>
</context>
<context>
    <name>RecordingButton</name>
    <message>
        <source>Record this run</source>
        <translation>记录本次运行</translation>
    </message>
    <message>
        <source>Names, lengths and times of what happens, no content</source>
        <translation>所发生之事的名称、长度和时间，不含内容</translation>
    </message>
    <message>
        <source>Show the file</source>
        <translation>显示文件</translation>
    </message>
    <message>
        <source>Copy its path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Copy the command that replays it</source>
        <translation>复制用于重放的命令</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>运行记录</translation>
    </message>
    <message>
        <source>Records what happens, for ollama-panel bench replay; no content</source>
        <translation>记录所发生之事，供 ollama-panel bench replay 使用；不含内容</translation>
    </message>
    <message>
        <source>Save the last {time}</source>
        <translation>保存最近 {time}</translation>
    </message>
    <message>
        <source>Save the last ten minutes</source>
        <translation>保存最近十分钟</translation>
    </message>
    <message>
        <source>Nothing has happened yet that could be saved</source>
        <translation>还没有可保存的内容</translation>
    </message>
    <message>
        <source>What has happened before now, as if it had been recorded</source>
        <translation>此前发生之事，如同已被记录</translation>
    </message>
    <message>
        <source>{size} of {most}, since {time}</source>
        <translation>{size} / {most}，自 {time}</translation>
    </message>
    <message>
        <source>Not recorded now; the last recording has {size}</source>
        <translation>当前未记录；上次记录 {size}</translation>
    </message>
    <message>
        <source>Not recorded now</source>
        <translation>当前未记录</translation>
    </message>
    <message>
        <source>All recordings take {size}</source>
        <translation>所有记录共占 {size}</translation>
    </message>
</context>
<context>
    <name>ReplacementRow</name>
    <message>
        <source>Give it back</source>
        <translation>归还</translation>
    </message>
    <message>
        <source>Stops what has its place, and starts the server as it ran</source>
        <translation>停止取代它的进程，并按原样启动该服务器</translation>
    </message>
</context>
<context>
    <name>RequestActions</name>
    <message>
        <source>The panel keeps no contents: put your own in place of ...</source>
        <translation>面板不保存内容：请用您自己的内容替换 ...</translation>
    </message>
    <message numerus="yes">
        <source>Cancel %n request(s)?</source>
        <translation>
            <numerusform>取消 %n 个请求？</numerusform>
        </translation>
    </message>
    <message>
        <source>Their clients get an error. Nothing brings them back.</source>
        <translation>它们的客户端会收到错误，且无法恢复。</translation>
    </message>
    <message>
        <source>Cancel them</source>
        <translation>取消这些请求</translation>
    </message>
    <message>
        <source>Let them go on</source>
        <translation>让它们继续</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) cancelled</source>
        <translation>
            <numerusform>已取消 %n 个请求</numerusform>
        </translation>
    </message>
    <message>
        <source>Had ended before: {number}</source>
        <translation>此前已结束：{number} 个</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) moved to the front</source>
        <translation>
            <numerusform>%n 个请求已移到最前</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RequestFilterBar</name>
    <message>
        <source>Filter by id, text…</source>
        <translation>按编号或文字筛选…</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Shows the requests whose client, id, model, instance or path has these words</source>
        <translation>只显示客户端、编号、模型、实例或路径含有这些文字的请求</translation>
    </message>
    <message>
        <source>All clients</source>
        <translation>所有客户端</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>所有模型</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>More filters</source>
        <translation>更多筛选</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>All instances</source>
        <translation>所有实例</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>All states</source>
        <translation>所有状态</translation>
    </message>
    <message>
        <source>Show all requests</source>
        <translation>显示所有请求</translation>
    </message>
    <message>
        <source>Instance and state of the requests that are shown</source>
        <translation>所显示请求的实例和状态</translation>
    </message>
</context>
<context>
    <name>RequestsPage</name>
    <message>
        <source>Queue &amp; requests</source>
        <translation>队列与请求</translation>
    </message>
    <message>
        <source>Requests at work</source>
        <translation>处理中的请求</translation>
    </message>
    <message>
        <source>Waiting requests</source>
        <translation>等待中的请求</translation>
    </message>
    <message>
        <source>{busy} of {slots} slots</source>
        <translation>{busy} / {slots} 槽位</translation>
    </message>
    <message>
        <source>the last {count}</source>
        <translation>最近 {count} 个</translation>
    </message>
    <message>
        <source>Nothing is at work.</source>
        <translation>没有正在处理的请求。</translation>
    </message>
    <message>
        <source>Nothing waits.</source>
        <translation>没有等待的请求。</translation>
    </message>
    <message>
        <source>{count} of {all}</source>
        <translation>{all} 个中的 {count} 个</translation>
    </message>
    <message>
        <source>No request matches the filter.</source>
        <translation>没有符合筛选条件的请求。</translation>
    </message>
    <message>
        <source>The queue is paused: nothing starts until you resume it.</source>
        <translation>队列已暂停：恢复之前不会开始新的请求。</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>{waiting} waiting, {running} in flight</source>
        <translation>{waiting} 个等待，{running} 个处理中</translation>
    </message>
    <message>
        <source>{served} served, {failed} failed, {refused} refused since the start</source>
        <translation>启动以来处理 {served}，失败 {failed}，拒绝 {refused}</translation>
    </message>
    <message>
        <source>Lets no request start until you resume; those that run go on to their end</source>
        <translation>恢复之前不开始新的请求；正在处理的会继续到结束</translation>
    </message>
    <message numerus="yes">
        <source>Cancel %n request(s)</source>
        <translation>
            <numerusform>取消 %n 个请求</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose a request to see how its time was spent.</source>
        <translation>选择一个请求，查看它的时间用在哪里。</translation>
    </message>
    <message>
        <source>Cancel request</source>
        <translation>取消请求</translation>
    </message>
    <message>
        <source>Finished requests</source>
        <translation>已结束的请求</translation>
    </message>
    <message>
        <source>Show only {name}</source>
        <translation>只显示 {name}</translation>
    </message>
    <message>
        <source>Nothing has finished yet.</source>
        <translation>还没有结束的请求。</translation>
    </message>
    <message>
        <source>Looking through all that wait…</source>
        <translation>正在查找所有等待的请求…</translation>
    </message>
    <message>
        <source>Empty in about {time}.</source>
        <translation>约 {time}后清空。</translation>
    </message>
    <message>
        <source>{number} more</source>
        <translation>另有 {number} 个</translation>
    </message>
    <message>
        <source>Show the first ones only</source>
        <translation>只显示最前的请求</translation>
    </message>
    <message>
        <source>the panel&apos;s address</source>
        <translation>面板地址</translation>
    </message>
    <message>
        <source>No request yet. Point a client at {address}, for example: OLLAMA_HOST={address} ollama run …</source>
        <translation>还没有请求。请让客户端连接 {address}，例如：OLLAMA_HOST={address} ollama run …</translation>
    </message>
    <message>
        <source>Lists all requests that wait</source>
        <translation>列出所有等待的请求</translation>
    </message>
</context>
<context>
    <name>ServerDetails</name>
    <message>
        <source>Process</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>Models in</source>
        <translation>模型位置</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境变量</translation>
    </message>
    <message>
        <source>{pid}, of user {user}</source>
        <translation>{pid}，用户 {user}</translation>
    </message>
    <message>
        <source>no variable that Ollama reads</source>
        <translation>没有 Ollama 会读取的变量</translation>
    </message>
</context>
<context>
    <name>ServerRow</name>
    <message>
        <source>Its process, models, log and environment</source>
        <translation>它的进程、模型、日志和环境变量</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>The panel sends it requests beside its workers</source>
        <translation>除自己的工作进程外，面板也向它发送请求</translation>
    </message>
    <message>
        <source>Leave alone</source>
        <translation>不使用</translation>
    </message>
    <message>
        <source>The panel sends it no requests</source>
        <translation>面板不向它发送请求</translation>
    </message>
    <message>
        <source>Replace…</source>
        <translation>取代…</translation>
    </message>
    <message>
        <source>The workers take its place; first it says what that does</source>
        <translation>工作进程取代它；会先说明要做什么</translation>
    </message>
    <message>
        <source>Details of {server}</source>
        <translation>{server} 的详情</translation>
    </message>
    <message>
        <source>address unknown</source>
        <translation>地址未知</translation>
    </message>
    <message>
        <source>version {version}</source>
        <translation>版本 {version}</translation>
    </message>
    <message>
        <source>used as {instance}</source>
        <translation>面板使用中：{instance}</translation>
    </message>
    <message>
        <source>left alone</source>
        <translation>不干预</translation>
    </message>
    <message>
        <source>not used</source>
        <translation>面板未使用</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>取代</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Let the workers take the place of this server?</source>
        <translation>让工作进程取代这个服务器吗？</translation>
    </message>
</context>
<context>
    <name>ServersPart</name>
    <message>
        <source>Ollama on this computer</source>
        <translation>本机上的 Ollama</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查找</translation>
    </message>
    <message>
        <source>Looks now; else it is done once a minute</source>
        <translation>立即查找；平时每分钟查找一次</translation>
    </message>
    <message>
        <source>No Ollama server runs on this computer.</source>
        <translation>本机上没有运行 Ollama 服务器。</translation>
    </message>
    <message>
        <source>The servers that no panel has started come first</source>
        <translation>不是由面板启动的服务器排在前面</translation>
    </message>
    <message>
        <source>The panel runs {program}, version {version}</source>
        <translation>面板运行 {program}，版本 {version}</translation>
    </message>
    <message>
        <source>a simulation</source>
        <translation>模拟程序</translation>
    </message>
    <message>
        <source>Looking for Ollama servers…</source>
        <translation>正在查找 Ollama 服务器…</translation>
    </message>
    <message>
        <source>Show fewer</source>
        <translation>收起</translation>
    </message>
    <message numerus="yes">
        <source>Show all %n server(s)</source>
        <translation>
            <numerusform>显示全部 %n 个服务器</numerusform>
        </translation>
    </message>
    <message>
        <source>{path}: {problem}</source>
        <translation>{path}：{problem}</translation>
    </message>
    <message>
        <source>{path}: version {version}</source>
        <translation>{path}：版本 {version}</translation>
    </message>
</context>
<context>
    <name>SettingForm</name>
    <message>
        <source>Revert {setting}</source>
        <translation>还原{setting}</translation>
    </message>
    <message>
        <source>In force: {value}</source>
        <translation>当前生效：{value}</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Ollama is simulated</source>
        <translation>Ollama 为模拟</translation>
    </message>
    <message>
        <source>Ollama was not found: enter its location below</source>
        <translation>未找到 Ollama：请在下方填写其位置</translation>
    </message>
    <message>
        <source>Ollama {version} at {path}</source>
        <translation>Ollama {version}，位于 {path}</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随桌面</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>槽位</translation>
    </message>
    <message>
        <source>Slots: only as many requests run at once as make a model faster. Settings: more or fewer slots and workers are proposed, too, one step at a time.</source>
        <translation>槽位：同时运行的请求数以能使模型更快为限。设置：还会逐步建议增减槽位和工作进程。</translation>
    </message>
    <message>
        <source>The language of the window: that of the desktop, or one of these.</source>
        <translation>窗口的语言：跟随桌面，或选择其中一种。</translation>
    </message>
    <message>
        <source>found automatically</source>
        <translation>自动查找</translation>
    </message>
    <message>
        <source>Ollama&apos;s default</source>
        <translation>Ollama 默认值</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>浏览…</translation>
    </message>
    <message>
        <source>Choose the models folder</source>
        <translation>选择模型文件夹</translation>
    </message>
    <message>
        <source>Choose the Ollama program</source>
        <translation>选择 Ollama 程序</translation>
    </message>
    <message>
        <source>Choose among the programs that run now…</source>
        <translation>从正在运行的程序中选择…</translation>
    </message>
    <message>
        <source>The forms show what is in force again</source>
        <translation>表单重新显示当前生效的设置</translation>
    </message>
    <message>
        <source>Applying…</source>
        <translation>正在应用…</translation>
    </message>
    <message>
        <source>Nothing has changed</source>
        <translation>没有改动</translation>
    </message>
</context>
<context>
    <name>ShareBar</name>
    <message>
        <source>Share of the work: {share}</source>
        <translation>工作占比：{share}</translation>
    </message>
</context>
<context>
    <name>Shell</name>
    <message>
        <source>Still serving. Open or quit the panel from this icon.</source>
        <translation>仍在提供服务。可通过此图标打开或退出面板。</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) are still being served.</source>
        <translation>
            <numerusform>还有 %n 个请求正在处理。</numerusform>
        </translation>
    </message>
    <message>
        <source>The panel can finish serving first; nothing new is accepted meanwhile.</source>
        <translation>面板可以先让它们处理完；期间不接受新请求。</translation>
    </message>
    <message>
        <source>Finish and quit</source>
        <translation>处理完再退出</translation>
    </message>
    <message>
        <source>Quit at once</source>
        <translation>立即退出</translation>
    </message>
    <message>
        <source>Keep running</source>
        <translation>继续运行</translation>
    </message>
    <message>
        <source>Close the panel?</source>
        <translation>关闭面板？</translation>
    </message>
    <message>
        <source>This desktop has no tray, so the panel cannot run in the background. Quitting stops its instances.</source>
        <translation>此桌面没有系统托盘，面板无法在后台运行。退出会停止其实例。</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Minimise</source>
        <translation>最小化</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Serving on</source>
        <translation>服务地址</translation>
    </message>
    <message>
        <source>Not serving</source>
        <translation>未提供服务</translation>
    </message>
    <message>
        <source>the proxy is off</source>
        <translation>代理已关闭</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) wait</source>
        <translation>
            <numerusform>%n 个请求在等待</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n open error(s)</source>
        <translation>
            <numerusform>%n 个未解决的错误</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n open warning(s)</source>
        <translation>
            <numerusform>%n 个未解决的警告</numerusform>
        </translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Requests wait</source>
        <translation>请求等待中</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>需要处理</translation>
    </message>
    <message>
        <source>the engine has stopped</source>
        <translation>引擎已停止</translation>
    </message>
    <message>
        <source>port taken</source>
        <translation>端口被占用</translation>
    </message>
    <message>
        <source>no such address</source>
        <translation>地址不可用</translation>
    </message>
    <message>
        <source>cannot listen</source>
        <translation>无法监听</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>菜单</translation>
    </message>
    <message>
        <source>Proxy, instances, memory, undo, first steps, quit</source>
        <translation>代理、实例、内存、撤销、入门步骤、退出</translation>
    </message>
    <message>
        <source>{page} ({keys})</source>
        <translation>{page}（{keys}）</translation>
    </message>
    <message>
        <source>Copy the address that clients use</source>
        <translation>复制客户端使用的地址</translation>
    </message>
</context>
<context>
    <name>StepButton</name>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
</context>
<context>
    <name>StepList</name>
    <message>
        <source>You can come back to this from the menu.</source>
        <translation>可从菜单中回到这里。</translation>
    </message>
</context>
<context>
    <name>StepRow</name>
    <message>
        <source>Proof: {how}</source>
        <translation>依据：{how}</translation>
    </message>
    <message>
        <source>the panel</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>an administrator</source>
        <translation>管理员</translation>
    </message>
    <message>
        <source>you</source>
        <translation>您</translation>
    </message>
    <message>
        <source>open</source>
        <translation>未做</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>waits for you</source>
        <translation>等待您</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Step {number}, {state}: {told}</source>
        <translation>第 {number} 步，{state}：{told}</translation>
    </message>
    <message>
        <source>Commands of step {number}</source>
        <translation>第 {number} 步的命令</translation>
    </message>
</context>
<context>
    <name>StepsPlot</name>
    <message>
        <source>Curve of the tuning</source>
        <translation>调优曲线</translation>
    </message>
    <message>
        <source>all slots together; bars are 95 % intervals</source>
        <translation>全部槽位合计；误差线为 95 % 区间</translation>
    </message>
    <message>
        <source>all workers together; bars are 95 % intervals</source>
        <translation>全部工作进程合计；误差线为 95 % 区间</translation>
    </message>
    <message>
        <source>Tokens per second</source>
        <translation>每秒词元数</translation>
    </message>
    <message>
        <source>Embeddings per second</source>
        <translation>每秒嵌入数</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>槽位</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>工作进程</translation>
    </message>
    <message>
        <source>No step is measured.</source>
        <translation>尚无测量结果。</translation>
    </message>
    <message>
        <source>Memory limit</source>
        <translation>内存上限</translation>
    </message>
    <message>
        <source>97 % of the best</source>
        <translation>最佳值的 97 %</translation>
    </message>
    <message>
        <source>median</source>
        <translation>中位数</translation>
    </message>
    <message>
        <source>p95</source>
        <translation>p95</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>平均值</translation>
    </message>
    <message>
        <source>Time per token</source>
        <translation>每个词元的时间</translation>
    </message>
    <message>
        <source>Time per request</source>
        <translation>每个请求的时间</translation>
    </message>
    <message>
        <source>in one answer, s</source>
        <translation>单个回答内，秒</translation>
    </message>
    <message>
        <source>in one answer, ms</source>
        <translation>单个回答内，毫秒</translation>
    </message>
    <message>
        <source>advised: {number}</source>
        <translation>建议：{number}</translation>
    </message>
    <message>
        <source>before and best: {number}</source>
        <translation>之前的，也是最佳：{number}</translation>
    </message>
    <message>
        <source>now: {number}</source>
        <translation>当前：{number}</translation>
    </message>
    <message>
        <source>before: {number}</source>
        <translation>之前：{number}</translation>
    </message>
    <message>
        <source>{place}: {rate} embeddings/s, {time} per request</source>
        <translation>{place}：{rate} 嵌入/秒，每个请求 {time}</translation>
    </message>
    <message>
        <source>{place}: {rate} tokens/s, {time} per token, first token p95 {first}</source>
        <translation>{place}：{rate} 词元/秒，每个词元 {time}，首个词元 p95 {first}</translation>
    </message>
</context>
<context>
    <name>TakeoverDialog</name>
    <message>
        <source>Take over Ollama’s address</source>
        <translation>接管 Ollama 的地址</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Lets Ollama listen at its address again, exactly as before</source>
        <translation>让 Ollama 重新在它的地址监听，与以前完全一样</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>What is under way goes on</source>
        <translation>进行中的步骤会继续</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>接管</translation>
    </message>
    <message>
        <source>Nothing was done yet.</source>
        <translation>尚未做任何事。</translation>
    </message>
    <message>
        <source>Does the steps of the panel; the system asks for your password for those of an administrator</source>
        <translation>执行面板的步骤；管理员的步骤会由系统询问您的密码</translation>
    </message>
    <message>
        <source>Does the steps of the panel; the others wait until you have typed their commands</source>
        <translation>执行面板的步骤；其余步骤等待您输入命令</translation>
    </message>
    <message>
        <source>Take over again</source>
        <translation>重新接管</translation>
    </message>
    <message>
        <source>Finish it</source>
        <translation>完成它</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>TargetsCard</name>
    <message>
        <source>Find a target</source>
        <translation>查找目标</translation>
    </message>
    <message>
        <source>Export targets</source>
        <translation>导出目标</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>有差异</translation>
    </message>
    <message>
        <source>No target has these words.</source>
        <translation>没有目标包含这些词。</translation>
    </message>
    <message>
        <source>{target}, differs from what is installed</source>
        <translation>{target}，与已安装的内容有差异</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Container</source>
        <translation>容器</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>In front</source>
        <translation>前置代理</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
</context>
<context>
    <name>TimeLine</name>
    <message>
        <source>Cancel request</source>
        <translation>取消请求</translation>
    </message>
    <message>
        <source>Ends the request; its client gets an error (Del)</source>
        <translation>结束该请求；其客户端会收到错误（Del）</translation>
    </message>
    <message>
        <source>Copy id</source>
        <translation>复制编号</translation>
    </message>
    <message>
        <source>Copies the request&apos;s whole id</source>
        <translation>复制请求的完整编号</translation>
    </message>
    <message>
        <source>Move to front</source>
        <translation>移到最前</translation>
    </message>
    <message>
        <source>Lets the chosen requests begin before all others</source>
        <translation>让所选请求先于其他请求开始</translation>
    </message>
    <message>
        <source>Copy as curl</source>
        <translation>复制为 curl</translation>
    </message>
    <message>
        <source>Copies a command that repeats the request, without its content</source>
        <translation>复制一条重发该请求的命令，不含其内容</translation>
    </message>
    <message>
        <source>Solid: measured. Outlined: estimated.</source>
        <translation>实心：实测；空心：估计</translation>
    </message>
    <message>
        <source>Time line</source>
        <translation>时间线</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) chosen</source>
        <translation>
            <numerusform>已选择 %n 个请求</numerusform>
        </translation>
    </message>
    <message>
        <source>not ended: {number}</source>
        <translation>未结束：{number}</translation>
    </message>
    <message>
        <source>{part} {time}, about {rest} to go</source>
        <translation>{part} {time}，约还需 {rest}</translation>
    </message>
    <message>
        <source>{part} ≈ {rest}</source>
        <translation>{part}约 {rest}</translation>
    </message>
    <message>
        <source>{part} {time}</source>
        <translation>{part} {time}</translation>
    </message>
    <message>
        <source>came {time}</source>
        <translation>到达 {time}</translation>
    </message>
    <message>
        <source>ended {time}</source>
        <translation>结束 {time}</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>answered ≈ {time}</source>
        <translation>约 {time} 完成</translation>
    </message>
    <message>
        <source>ended {time} ago</source>
        <translation>{time}前结束</translation>
    </message>
</context>
<context>
    <name>ToastBox</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Restores what was before ({key} goes here)</source>
        <translation>恢复之前的状态（按 {key} 转到此处）</translation>
    </message>
    <message>
        <source>Undo: {action}</source>
        <translation>撤销：{action}</translation>
    </message>
    <message>
        <source>Close: {message}</source>
        <translation>关闭：{message}</translation>
    </message>
    <message>
        <source>Hide this message (Esc)</source>
        <translation>隐藏此消息（Esc）</translation>
    </message>
    <message>
        <source>{message}. {key} goes to Undo.</source>
        <translation>{message}。按 {key} 转到“撤销”。</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Profile</source>
        <translation>配置方案</translation>
    </message>
    <message>
        <source>{running} of {all} instances running, {waiting} waiting</source>
        <translation>{all} 个实例中 {running} 个运行，{waiting} 个请求等待</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
</context>
<context>
    <name>Trends</name>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>in flight</source>
        <translation>处理中</translation>
    </message>
    <message>
        <source>slots</source>
        <translation>槽位</translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation>吞吐量</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>Memory, GiB</source>
        <translation>内存（GiB）</translation>
    </message>
    <message>
        <source>used</source>
        <translation>已用</translation>
    </message>
    <message>
        <source>all</source>
        <translation>总量</translation>
    </message>
</context>
<context>
    <name>TrialBar</name>
    <message>
        <source>Trials of the tuning</source>
        <translation>调优的各次试验</translation>
    </message>
</context>
<context>
    <name>TrialCard</name>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Model of the test</source>
        <translation>测试的模型</translation>
    </message>
    <message>
        <source>Which model answers; one that is loaded answers at once</source>
        <translation>由哪个模型回答；已加载的模型立即回答</translation>
    </message>
    <message>
        <source>Say hello in one sentence.</source>
        <translation>用一句话打个招呼。</translation>
    </message>
    <message>
        <source>Question of the test</source>
        <translation>测试的问题</translation>
    </message>
    <message>
        <source>Answer to the test</source>
        <translation>测试的回答</translation>
    </message>
    <message>
        <source>Where the time of the test went</source>
        <translation>测试的时间用在哪里</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>未发送</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Answering</source>
        <translation>正在回答</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>已回答</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Cancelled before the first token.</source>
        <translation>在首个词元之前取消。</translation>
    </message>
    <message>
        <source>First token after {first}</source>
        <translation>首个词元用时 {first}</translation>
    </message>
    <message>
        <source>First token after {first}, all in {all}</source>
        <translation>首个词元用时 {first}，共 {all}</translation>
    </message>
    <message>
        <source>The panel does not listen yet.</source>
        <translation>面板尚未开始监听。</translation>
    </message>
    <message>
        <source>The panel does not listen: nothing can be sent.</source>
        <translation>面板没有在监听：无法发送。</translation>
    </message>
    <message>
        <source>There is no model that chats: ollama-panel pull llama3.2:1b fetches one.</source>
        <translation>没有可对话的模型：ollama-panel pull llama3.2:1b 可获取一个。</translation>
    </message>
    <message>
        <source>A test takes the same way as your programs.</source>
        <translation>测试与您的程序走同一条路径。</translation>
    </message>
    <message>
        <source>Sent to the panel…</source>
        <translation>已发送到面板…</translation>
    </message>
    <message>
        <source>The model is being loaded…</source>
        <translation>正在加载模型…</translation>
    </message>
    <message>
        <source>The model reads the prompt…</source>
        <translation>模型正在读取提示词…</translation>
    </message>
    <message>
        <source>Position {position} in the queue</source>
        <translation>在队列中排第 {position} 位</translation>
    </message>
    <message>
        <source>{told}, about {time} to go</source>
        <translation>{told}，约还需 {time}</translation>
    </message>
    <message>
        <source>Failed on the way to the panel.</source>
        <translation>在到达面板的路上失败。</translation>
    </message>
    <message>
        <source>The panel did not let it in.</source>
        <translation>面板拒绝了它。</translation>
    </message>
    <message>
        <source>Failed in the queue.</source>
        <translation>在队列中失败。</translation>
    </message>
    <message>
        <source>Failed at the instance.</source>
        <translation>在实例处失败。</translation>
    </message>
    <message>
        <source>Failed in the middle of the answer.</source>
        <translation>在回答中途失败。</translation>
    </message>
    <message numerus="yes">
        <source>prompt of %Ln token(s)</source>
        <translation>
            <numerusform>%Ln 个词元的提示词</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>answer of %Ln token(s)</source>
        <translation>
            <numerusform>%Ln 个词元的回答</numerusform>
        </translation>
    </message>
    <message>
        <source>{part}, {time}</source>
        <translation>{part}，{time}</translation>
    </message>
    <message>
        <source>{part} {time}</source>
        <translation>{part} {time}</translation>
    </message>
</context>
<context>
    <name>TrialStep</name>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>A request goes through the panel, as those of your programs do.</source>
        <translation>像您的程序那样，通过面板发送一个请求。</translation>
    </message>
</context>
<context>
    <name>TrialsCard</name>
    <message>
        <source>Trials</source>
        <translation>试验</translation>
    </message>
    <message>
        <source>± is a 95 % interval</source>
        <translation>± 为 95 % 区间</translation>
    </message>
    <message>
        <source>Before and after</source>
        <translation>前后对比</translation>
    </message>
    <message>
        <source>Shows what was found</source>
        <translation>显示找到的结果</translation>
    </message>
    <message>
        <source>Trials and what they have measured</source>
        <translation>各次试验及其测量结果</translation>
    </message>
</context>
<context>
    <name>TuningButtons</name>
    <message>
        <source>Last result</source>
        <translation>上次结果</translation>
    </message>
    <message>
        <source>Shows what the last tuning has found</source>
        <translation>显示上次调优的结果</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Begins to measure; your programs go first</source>
        <translation>开始测量；您的程序优先</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Your settings are in force until it goes on</source>
        <translation>继续之前，您的设置一直有效</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Goes on with the trials that are left</source>
        <translation>继续余下的试验</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Ends the tuning; your settings are in force as before</source>
        <translation>结束调优；您的设置照旧有效</translation>
    </message>
    <message>
        <source>New tuning</source>
        <translation>新的调优</translation>
    </message>
    <message>
        <source>Measures again, or for another model or goal</source>
        <translation>重新测量，或换一个模型或目标</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copies the result as text, picture or table</source>
        <translation>将结果复制为文本、图片或表格</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Shows the settings in force for machines without the panel</source>
        <translation>显示当前设置，供没有面板的机器使用</translation>
    </message>
    <message>
        <source>Save as profile</source>
        <translation>保存为配置方案</translation>
    </message>
    <message>
        <source>Keeps the settings found under a name</source>
        <translation>以一个名称保存找到的设置</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>复制为文本</translation>
    </message>
    <message>
        <source>Copy as picture</source>
        <translation>复制为图片</translation>
    </message>
    <message>
        <source>Copy as table (CSV)</source>
        <translation>复制为表格（CSV）</translation>
    </message>
    <message>
        <source>Apply {settings}</source>
        <translation>应用 {settings}</translation>
    </message>
    <message>
        <source>Puts what was found into force; Undo brings your settings back</source>
        <translation>使找到的设置生效；撤销可恢复您的设置</translation>
    </message>
</context>
<context>
    <name>TuningComparison</name>
    <message>
        <source>Trials</source>
        <translation>试验</translation>
    </message>
    <message>
        <source>Shows all that was tried, and why</source>
        <translation>显示全部试验及其原因</translation>
    </message>
    <message>
        <source>Before and after</source>
        <translation>前后对比</translation>
    </message>
    <message>
        <source>change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>并排对比</translation>
    </message>
</context>
<context>
    <name>TuningCurve</name>
    <message>
        <source>What each step gives</source>
        <translation>每一步的效果</translation>
    </message>
    <message numerus="yes">
        <source>%n slot(s) fit</source>
        <translation>
            <numerusform>可容纳 %n 个槽位</numerusform>
        </translation>
    </message>
    <message>
        <source>round: {first} · square: {second}</source>
        <translation>圆点：{first} · 方点：{second}</translation>
    </message>
</context>
<context>
    <name>TuningEffects</name>
    <message>
        <source>Apply does this</source>
        <translation>应用时会发生什么</translation>
    </message>
    <message>
        <source>What applying the result does</source>
        <translation>应用结果的作用</translation>
    </message>
    <message>
        <source>Nothing was found that could be applied.</source>
        <translation>没有可应用的结果。</translation>
    </message>
    <message>
        <source>The pool {pool} does not exist any more.</source>
        <translation>池 {pool} 已不存在。</translation>
    </message>
    <message>
        <source>Nothing: these settings are in force.</source>
        <translation>无变化：这些设置已生效。</translation>
    </message>
    <message>
        <source>Undo brings back {settings}.</source>
        <translation>撤销可恢复 {settings}。</translation>
    </message>
</context>
<context>
    <name>TuningForm</name>
    <message>
        <source>What is measured</source>
        <translation>测量内容</translation>
    </message>
    <message>
        <source>Model to tune for</source>
        <translation>要调优的模型</translation>
    </message>
    <message>
        <source>Its pool gets the settings that are found, if you apply them</source>
        <translation>应用后，其所在的池会使用找到的设置</translation>
    </message>
    <message>
        <source>Requests to measure with</source>
        <translation>用于测量的请求</translation>
    </message>
    <message>
        <source>The settings that suit short chats do not suit long documents</source>
        <translation>适合短聊天的设置并不适合长文档</translation>
    </message>
    <message>
        <source>Try a KV cache of 8 bits, too</source>
        <translation>也尝试 8 位 KV 缓存</translation>
    </message>
    <message>
        <source>It takes half of the memory, and answers may be a little worse</source>
        <translation>只占一半内存，回答可能略差</translation>
    </message>
    <message>
        <source>{model} in the pool {pool}</source>
        <translation>{model}，池 {pool}</translation>
    </message>
    <message numerus="yes">
        <source>{workload} (%n of the last week)</source>
        <translation>
            <numerusform>{workload}（最近一周 %n 个）</numerusform>
        </translation>
    </message>
    <message>
        <source> ms</source>
        <translation> 毫秒</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 分钟</translation>
    </message>
    <message>
        <source>First token within, p95</source>
        <translation>首个词元的时限，p95</translation>
    </message>
    <message>
        <source>Each further token within, p95</source>
        <translation>其后每个词元的时限，p95</translation>
    </message>
    <message>
        <source>Minutes at most</source>
        <translation>最多分钟数</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Goal</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>at most; the waits for your programs do not count</source>
        <translation>为上限；等待您的程序的时间不计</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>to the first token, in 19 of 20 answers</source>
        <translation>到首个词元，20 个回答中有 19 个</translation>
    </message>
    <message>
        <source>for each further token, in 19 of 20 answers</source>
        <translation>其后每个词元，20 个回答中有 19 个</translation>
    </message>
</context>
<context>
    <name>TuningPage</name>
    <message>
        <source>Tuning</source>
        <translation>调优</translation>
    </message>
    <message>
        <source>Two tunings side by side</source>
        <translation>两次调优并排对比</translation>
    </message>
    <message>
        <source>before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>after</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>{time}: {what}; best {settings}.</source>
        <translation>{time}：{what}；最佳 {settings}。</translation>
    </message>
    <message>
        <source>Finds by measuring which settings suit this machine. Nothing is changed until you apply them.</source>
        <translation>通过测量找出适合这台机器的设置。应用之前什么都不会改变。</translation>
    </message>
    <message>
        <source>Measuring {model} in the pool {pool}. Nothing is changed until you press Apply.</source>
        <translation>正在池 {pool} 中测量 {model}。点击“应用”之前什么都不会改变。</translation>
    </message>
    <message numerus="yes">
        <source>{what} · ended {time} after %n trial(s) in {span}</source>
        <translation>
            <numerusform>{what} · {time} 结束，共 %n 次试验，用时 {span}</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel the tuning?</source>
        <translation>取消这次调优吗？</translation>
    </message>
    <message>
        <source>Your settings are in force as before. What was measured stays in the list of earlier tunings.</source>
        <translation>您的设置照旧有效。已测得的结果保留在以往调优的列表中。</translation>
    </message>
    <message>
        <source>Cancel the tuning</source>
        <translation>取消调优</translation>
    </message>
    <message>
        <source>Go on measuring</source>
        <translation>继续测量</translation>
    </message>
    <message>
        <source>Saved as profile {name}</source>
        <translation>已保存为配置方案 {name}</translation>
    </message>
</context>
<context>
    <name>TuningPreviewCard</name>
    <message>
        <source>What will happen</source>
        <translation>将会发生什么</translation>
    </message>
    <message>
        <source>There is no model for a pool with workers: fetch one, or give a pool a worker.</source>
        <translation>没有可供有工作进程的池使用的模型：请拉取一个模型，或给池添加工作进程。</translation>
    </message>
    <message numerus="yes">
        <source>About {minutes} min, %n trial(s)</source>
        <translation>
            <numerusform>约 {minutes} 分钟，%n 次试验</numerusform>
        </translation>
    </message>
    <message>
        <source>Not possible now</source>
        <translation>现在无法进行</translation>
    </message>
    <message>
        <source>{trials} trials and {minutes} min at most; you can pause and cancel at any time</source>
        <translation>最多 {trials} 次试验、{minutes} 分钟；随时可以暂停和取消</translation>
    </message>
    <message>
        <source>It goes on with the trials of the tuning that was interrupted.</source>
        <translation>将继续上次中断的调优的试验。</translation>
    </message>
    <message>
        <source>{slots} of each worker fit into the memory.</source>
        <translation>内存可容纳每个工作进程 {slots}。</translation>
    </message>
</context>
<context>
    <name>TuningProgress</name>
    <message>
        <source>Trial {number} of about {about}</source>
        <translation>第 {number} 次试验，共约 {about} 次</translation>
    </message>
    <message>
        <source>{number} at most</source>
        <translation>最多 {number} 次</translation>
    </message>
    <message>
        <source>{time} gone</source>
        <translation>已用 {time}</translation>
    </message>
    <message>
        <source>{minutes} min at most</source>
        <translation>最多 {minutes} 分钟</translation>
    </message>
    <message>
        <source>Trial {number} comes next</source>
        <translation>接下来是第 {number} 次试验</translation>
    </message>
    <message>
        <source>Setting up</source>
        <translation>准备中</translation>
    </message>
    <message>
        <source>Between two trials</source>
        <translation>两次试验之间</translation>
    </message>
    <message>
        <source>{settings}, wave {number}</source>
        <translation>{settings}，第 {number} 波</translation>
    </message>
    <message>
        <source>The workers start with your settings again.</source>
        <translation>工作进程正以您的设置重新启动。</translation>
    </message>
    <message>
        <source>Your settings are in force. Go on makes the trial that is next, and those after it.</source>
        <translation>您的设置正在生效。“继续”会进行下一次试验以及之后的试验。</translation>
    </message>
    <message>
        <source>The model is loaded once for all numbers of slots. Requests of your programs go first.</source>
        <translation>模型只加载一次，用于所有槽位数。您的程序的请求优先。</translation>
    </message>
    <message>
        <source>Why: {reason}</source>
        <translation>原因：{reason}</translation>
    </message>
    <message>
        <source>min</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>min, about</source>
        <translation>分钟左右</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>剩余时间</translation>
    </message>
</context>
<context>
    <name>TuningTraffic</name>
    <message>
        <source>Your traffic goes first</source>
        <translation>您的请求优先</translation>
    </message>
    <message numerus="yes">
        <source>%n interruption(s)</source>
        <translation>
            <numerusform>%n 次中断</numerusform>
        </translation>
    </message>
    <message>
        <source>When a program of yours asks, the trial ends at once and is repeated.</source>
        <translation>您的程序一有请求，试验立即停止，之后重做。</translation>
    </message>
    <message>
        <source>Cancel, a crash or a power cut: your settings come back by themselves ({settings}).</source>
        <translation>取消、崩溃或断电：您的设置会自动恢复（{settings}）。</translation>
    </message>
    <message>
        <source>context {tokens}</source>
        <translation>上下文 {tokens}</translation>
    </message>
    <message>
        <source>{slots}, {context}</source>
        <translation>{slots}，{context}</translation>
    </message>
    <message>
        <source>Nothing is known that would disturb the measurements.</source>
        <translation>没有发现会干扰测量的因素。</translation>
    </message>
</context>
<context>
    <name>TuningVerdict</name>
    <message>
        <source>The tuning has failed</source>
        <translation>调优失败</translation>
    </message>
    <message numerus="yes">
        <source>Cancelled after %n trial(s)</source>
        <translation>
            <numerusform>%n 次试验后取消</numerusform>
        </translation>
    </message>
    <message>
        <source>What was measured until then is below.</source>
        <translation>此前测得的结果见下方。</translation>
    </message>
    <message>
        <source>Your settings are in force as before; what was measured until then is below.</source>
        <translation>您的设置照旧有效；此前测得的结果见下方。</translation>
    </message>
</context>
<context>
    <name>UseChoice</name>
    <message>
        <source>Chat</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>RAG: answers from documents</source>
        <translation>RAG：根据文档回答</translation>
    </message>
    <message>
        <source>Coding agents</source>
        <translation>编程智能体</translation>
    </message>
    <message>
        <source>Batch work</source>
        <translation>批处理</translation>
    </message>
    <message>
        <source>What models are used for</source>
        <translation>模型的用途</translation>
    </message>
</context>
<context>
    <name>VariablesDialog</name>
    <message>
        <source>Variables of Ollama</source>
        <translation>Ollama 的变量</translation>
    </message>
    <message>
        <source>Search names and meanings</source>
        <translation>搜索名称和含义</translation>
    </message>
    <message>
        <source>Search variables</source>
        <translation>搜索变量</translation>
    </message>
    <message>
        <source>Variables</source>
        <translation>变量</translation>
    </message>
    <message>
        <source>Add to pool</source>
        <translation>添加到池</translation>
    </message>
    <message>
        <source>Adds the variable with its default</source>
        <translation>以默认值添加该变量</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Adds nothing</source>
        <translation>不添加任何内容</translation>
    </message>
</context>
<context>
    <name>WatchdogLine</name>
    <message>
        <source>Open the evidence folder</source>
        <translation>打开证据文件夹</translation>
    </message>
    <message numerus="yes">
        <source>Restarted by the watchdog: %n time(s)</source>
        <translation>
            <numerusform>已被看门狗重启 %n 次</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was kept yet: it is written before the watchdog restarts a worker</source>
        <translation>尚无记录：看门狗重启工作进程前才会写入</translation>
    </message>
</context>
<context>
    <name>WayTabs</name>
    <message>
        <source>Shows this way to set it up</source>
        <translation>显示这种设置方式</translation>
    </message>
</context>
<context>
    <name>Ways</name>
    <message>
        <source>Copy {command}</source>
        <translation>复制 {command}</translation>
    </message>
    <message>
        <source>Copies the command to the clipboard</source>
        <translation>把命令复制到剪贴板</translation>
    </message>
</context>
<context>
    <name>_ComparisonWords</name>
    <message>
        <source>context {tokens}</source>
        <translation>上下文 {tokens}</translation>
    </message>
    <message>
        <source>of {size}, {context}</source>
        <translation>共 {size}，{context}</translation>
    </message>
    <message>
        <source>All answers together</source>
        <translation>全部回答合计</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>embeddings/s</source>
        <translation>嵌入/秒</translation>
    </message>
    <message>
        <source>All texts together</source>
        <translation>全部文本合计</translation>
    </message>
    <message>
        <source>One answer</source>
        <translation>单个回答</translation>
    </message>
    <message>
        <source>tokens/s, all slots at work</source>
        <translation>词元/秒，所有槽位都在工作</translation>
    </message>
    <message>
        <source>First token under load</source>
        <translation>负载下的首个词元</translation>
    </message>
    <message>
        <source>p95, all slots at work</source>
        <translation>p95，所有槽位都在工作</translation>
    </message>
    <message>
        <source>{number} requests at once</source>
        <translation>同时 {number} 个请求</translation>
    </message>
    <message>
        <source>until the last is answered</source>
        <translation>直到最后一个得到回答</translation>
    </message>
    <message>
        <source>Memory of the model</source>
        <translation>模型占用的内存</translation>
    </message>
    <message>
        <source>same</source>
        <translation>相同</translation>
    </message>
    <message>
        <source>{number} x</source>
        <translation>{number} 倍</translation>
    </message>
</context>
<context>
    <name>_Entry</name>
    <message>
        <source>What can be done</source>
        <translation>可以怎么做</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Hide this message</source>
        <translation>隐藏此消息</translation>
    </message>
    <message>
        <source>Doctor…</source>
        <translation>诊断…</translation>
    </message>
    <message>
        <source>Shows what the doctor has found about it</source>
        <translation>显示诊断中与此有关的发现</translation>
    </message>
    <message>
        <source>Since {time}</source>
        <translation>自 {time} 起</translation>
    </message>
</context>
<context>
    <name>_GpuWords</name>
    <message>
        <source>The GPU is yours</source>
        <translation>GPU 归您使用了</translation>
    </message>
    <message>
        <source>The memory is yours</source>
        <translation>内存归您使用了</translation>
    </message>
    <message>
        <source>{size} freed</source>
        <translation>已释放 {size}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) wait</source>
        <translation>
            <numerusform>%n 个请求等待</numerusform>
        </translation>
    </message>
    <message>
        <source>The models have the GPU again</source>
        <translation>模型重新使用 GPU</translation>
    </message>
    <message>
        <source>The models have the memory again</source>
        <translation>模型重新使用内存</translation>
    </message>
    <message>
        <source>{program} gets it again once it was restarted</source>
        <translation>{program} 重新启动后才会再得到它</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) go on</source>
        <translation>
            <numerusform>%n 个请求继续</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_ImportWords</name>
    <message>
        <source>Nothing has changed</source>
        <translation>没有任何变化</translation>
    </message>
    <message numerus="yes">
        <source>Imported, with %n mistake(s) in the sources</source>
        <translation>
            <numerusform>已导入，来源中有 %n 处错误</numerusform>
        </translation>
    </message>
    <message>
        <source>Imported</source>
        <translation>已导入</translation>
    </message>
    <message numerus="yes">
        <source>%n mistake(s) in the sources</source>
        <translation>
            <numerusform>来源中有 %n 处错误</numerusform>
        </translation>
    </message>
    <message>
        <source>The import is taken back</source>
        <translation>已撤销导入</translation>
    </message>
</context>
<context>
    <name>_LastChangeWords</name>
    <message>
        <source>Last change</source>
        <translation>上次更改</translation>
    </message>
    <message>
        <source>Undone, {time}</source>
        <translation>已撤销，{time}</translation>
    </message>
    <message>
        <source>Last change, {time}</source>
        <translation>上次更改，{time}</translation>
    </message>
    <message>
        <source>Nothing that requests are served by was changed in this run</source>
        <translation>本次运行中没有更改影响请求处理的设置</translation>
    </message>
    <message numerus="yes">
        <source>%n min before</source>
        <translation>
            <numerusform>之前 %n 分钟</numerusform>
        </translation>
    </message>
    <message>
        <source>before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>Chat p95, first token</source>
        <translation>聊天 p95，首词元</translation>
    </message>
    <message>
        <source>All tokens/s</source>
        <translation>全部词元/秒</translation>
    </message>
    <message>
        <source>Waiting, average</source>
        <translation>平均等待</translation>
    </message>
    <message>
        <source>Failed/min</source>
        <translation>失败/分钟</translation>
    </message>
    <message>
        <source>Batch requests/min</source>
        <translation>批处理请求/分</translation>
    </message>
    <message>
        <source>Batch tokens/s</source>
        <translation>批处理词元/秒</translation>
    </message>
    <message>
        <source>same</source>
        <translation>不变</translation>
    </message>
    <message>
        <source>more</source>
        <translation>增多</translation>
    </message>
    <message>
        <source>less</source>
        <translation>减少</translation>
    </message>
    <message>
        <source>{number} x</source>
        <translation>{number} 倍</translation>
    </message>
    <message>
        <source>{number} x less</source>
        <translation>1/{number}</translation>
    </message>
</context>
<context>
    <name>_ModelWords</name>
    <message>
        <source>{model} is loaded in {instance}</source>
        <translation>{model} 已在 {instance} 加载</translation>
    </message>
    <message>
        <source>{model} is unloaded from {instance}</source>
        <translation>{model} 已从 {instance} 卸载</translation>
    </message>
    <message>
        <source>{size} of memory are free again</source>
        <translation>{size} 内存已释放</translation>
    </message>
    <message>
        <source>Loaded at every start, and kept</source>
        <translation>每次启动时加载，并保留</translation>
    </message>
    <message>
        <source>{model} is pinned in pool {pool}</source>
        <translation>{model} 已在池 {pool} 中固定</translation>
    </message>
    <message>
        <source>{model} is no longer pinned in pool {pool}</source>
        <translation>{model} 在池 {pool} 中不再固定</translation>
    </message>
</context>
<context>
    <name>_ProfileWords</name>
    <message>
        <source>Saved the profile {name}</source>
        <translation>已保存配置方案 {name}</translation>
    </message>
    <message>
        <source>Forgot the profile {name}</source>
        <translation>已删除配置方案 {name}</translation>
    </message>
    <message>
        <source>Wrote the profile {name}</source>
        <translation>已写出配置方案 {name}</translation>
    </message>
    <message>
        <source>It was made on {machine}</source>
        <translation>它制作于 {machine}</translation>
    </message>
    <message>
        <source>Import a profile</source>
        <translation>导入配置方案</translation>
    </message>
    <message>
        <source>Export the profile</source>
        <translation>导出配置方案</translation>
    </message>
</context>
<context>
    <name>_RecordingWords</name>
    <message>
        <source>This run is recorded</source>
        <translation>正在记录本次运行</translation>
    </message>
    <message>
        <source>{size} recorded</source>
        <translation>已记录 {size}</translation>
    </message>
    <message>
        <source>No content is in it</source>
        <translation>不含内容</translation>
    </message>
    <message>
        <source>No content is in it; it ends by itself at {size}</source>
        <translation>不含内容；达到 {size} 时自动结束</translation>
    </message>
    <message>
        <source>{time} saved</source>
        <translation>已保存 {time}</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Opens the folder of the file</source>
        <translation>打开文件所在文件夹</translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation>复制命令</translation>
    </message>
    <message>
        <source>Copies the command that replays it</source>
        <translation>复制用于重放的命令</translation>
    </message>
</context>
<context>
    <name>_Results</name>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Nothing has changed</source>
        <translation>没有任何更改</translation>
    </message>
    <message>
        <source>Applied: {changes}</source>
        <translation>已应用：{changes}</translation>
    </message>
    <message>
        <source>Undone: {changes}</source>
        <translation>已撤销：{changes}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>{instance} is back after {time}</source>
        <translation>{instance} 用 {time} 恢复</translation>
    </message>
    <message numerus="yes">
        <source>%n instance(s) are back after {time}</source>
        <translation>
            <numerusform>%n 个实例用 {time} 恢复</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) lost</source>
        <translation>
            <numerusform>丢失 %n 个请求</numerusform>
        </translation>
    </message>
    <message>
        <source>The queue is paused</source>
        <translation>队列已暂停</translation>
    </message>
    <message>
        <source>The queue goes on</source>
        <translation>队列已继续</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) wait</source>
        <translation>
            <numerusform>%n 个请求在等待</numerusform>
        </translation>
    </message>
    <message>
        <source>The proxy is off</source>
        <translation>代理已关闭</translation>
    </message>
    <message>
        <source>Clients are not answered</source>
        <translation>客户端得不到应答</translation>
    </message>
    <message>
        <source>The proxy is on</source>
        <translation>代理已开启</translation>
    </message>
    <message>
        <source>All instances run already</source>
        <translation>所有实例都已在运行</translation>
    </message>
    <message>
        <source>Started: {instances}</source>
        <translation>已启动：{instances}</translation>
    </message>
    <message>
        <source>No instance ran</source>
        <translation>没有实例在运行</translation>
    </message>
    <message>
        <source>Stopped: {instances}</source>
        <translation>已停止：{instances}</translation>
    </message>
    <message>
        <source>Restarted: {instances}</source>
        <translation>已重启：{instances}</translation>
    </message>
    <message>
        <source>All instances run with the settings</source>
        <translation>所有实例都已按设置运行</translation>
    </message>
    <message numerus="yes">
        <source>%n Ollama server(s) run on this computer</source>
        <translation>
            <numerusform>这台电脑上运行着 %n 个 Ollama 服务器</numerusform>
        </translation>
    </message>
    <message>
        <source>No model is loaded</source>
        <translation>没有已加载的模型</translation>
    </message>
    <message>
        <source>{size} of memory are free again; the next request loads its model</source>
        <translation>释放了 {size} 内存；下一个请求会重新加载模型</translation>
    </message>
    <message numerus="yes">
        <source>%n model(s) unloaded</source>
        <translation>
            <numerusform>已卸载 %n 个模型</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Summary</name>
    <message>
        <source>The engine has stopped</source>
        <translation>引擎已停止</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>No request has come yet: the page Connect says how programs are set up</source>
        <translation>还没有收到请求：“连接”页说明如何设置程序</translation>
    </message>
    <message>
        <source>Everything is running normally</source>
        <translation>一切运行正常</translation>
    </message>
    <message numerus="yes">
        <source>%n instance(s) cannot run</source>
        <translation>
            <numerusform>%n 个实例无法运行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Requests stand still at %n instance(s)</source>
        <translation>
            <numerusform>%n 个实例上的请求停滞不前</numerusform>
        </translation>
    </message>
    <message>
        <source>The proxy is off: clients are not answered</source>
        <translation>代理已关闭：客户端得不到响应</translation>
    </message>
    <message>
        <source>All instances are stopped; requests wait until one is started</source>
        <translation>所有实例都已停止；请求会等到有实例启动为止</translation>
    </message>
    <message>
        <source>No instance runs yet; requests wait until one does</source>
        <translation>尚无实例运行；请求会等到有实例为止</translation>
    </message>
    <message numerus="yes">
        <source>The queue is paused: %n request(s) wait</source>
        <translation>
            <numerusform>队列已暂停：%n 个请求等待</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n program(s) go past the queue, straight to Ollama</source>
        <translation>
            <numerusform>%n 个程序绕过队列，直接访问 Ollama</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n instance(s) are stopped</source>
        <translation>
            <numerusform>%n 个实例已停止</numerusform>
        </translation>
    </message>
    <message>
        <source>Some workers cannot read the folder of their models</source>
        <translation>有些工作进程无法读取其模型文件夹</translation>
    </message>
    <message>
        <source>The pools cannot serve: their workers have no models</source>
        <translation>池无法提供服务：其工作进程没有模型</translation>
    </message>
    <message>
        <source>Some models are with another server alone</source>
        <translation>有些模型只在另一个服务器上</translation>
    </message>
    <message numerus="yes">
        <source>a model is being loaded for %n request(s)</source>
        <translation>
            <numerusform>正在为 %n 个请求加载模型</numerusform>
        </translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) wait</source>
        <translation>
            <numerusform>%n 个请求在等待</numerusform>
        </translation>
    </message>
    <message>
        <source>{requests} {reason}</source>
        <translation>{requests}{reason}</translation>
    </message>
    <message>
        <source>{requests}, most of them {reason}</source>
        <translation>{requests}，其中大多数在等待{reason}</translation>
    </message>
    <message>
        <source>{number} {reason}</source>
        <translation>{number} 个等待{reason}</translation>
    </message>
    <message>
        <source>{requests}: {parts}</source>
        <translation>{requests}：{parts}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>for a free slot</source>
        <translation>空闲槽位</translation>
    </message>
    <message>
        <source>for more urgent ones</source>
        <translation>更紧急的请求先行</translation>
    </message>
    <message>
        <source>for others of the same client</source>
        <translation>所属客户端的其他请求结束</translation>
    </message>
    <message>
        <source>until their model is loaded</source>
        <translation>模型加载完成</translation>
    </message>
    <message>
        <source>until another model is loaded</source>
        <translation>另一个模型加载完成</translation>
    </message>
    <message>
        <source>for room in memory</source>
        <translation>内存空间</translation>
    </message>
    <message>
        <source>for a reload with another context</source>
        <translation>以另一上下文重新加载</translation>
    </message>
    <message>
        <source>for an instance to start</source>
        <translation>实例启动</translation>
    </message>
    <message>
        <source>for an instance that is stopped</source>
        <translation>已停止的实例</translation>
    </message>
    <message>
        <source>for an instance that has failed</source>
        <translation>出故障的实例</translation>
    </message>
    <message>
        <source>until the settings file is corrected</source>
        <translation>设置文件更正</translation>
    </message>
    <message>
        <source>while the queue is paused</source>
        <translation>队列恢复</translation>
    </message>
    <message>
        <source>while other programs come first</source>
        <translation>其他程序让出资源</translation>
    </message>
</context>
<context>
    <name>_TuningCounts</name>
    <message numerus="yes">
        <source>%n slot(s)</source>
        <translation>
            <numerusform>%n 个槽位</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n worker(s)</source>
        <translation>
            <numerusform>%n 个工作进程</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>repeated %n time(s)</source>
        <translation>
            <numerusform>重做了 %n 次</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>doctor</name>
    <message>
        <source>Not mended: {finding}</source>
        <translation>未修复：{finding}</translation>
    </message>
    <message>
        <source>Mended: {finding}</source>
        <translation>已修复：{finding}</translation>
    </message>
    <message>
        <source>As before: {finding}</source>
        <translation>已恢复原状：{finding}</translation>
    </message>
    <message>
        <source>Ignored: {finding}</source>
        <translation>已忽略：{finding}</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>Memory and disk</source>
        <translation>内存与磁盘</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Settings and sources</source>
        <translation>设置与来源</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>{path}, line {line}</source>
        <translation>{path} 第 {line} 行</translation>
    </message>
    <message>
        <source>{text}, {where}</source>
        <translation>{text}（{where}）</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>怎么做</translation>
    </message>
    <message>
        <source>Mend it</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>{sentence} {next}</source>
        <translation>{sentence}{next}</translation>
    </message>
    <message>
        <source>Makes {files}, restarts {unit} when idle.</source>
        <translation>新建 {files}，空闲时重启 {unit}。</translation>
    </message>
    <message>
        <source>Makes {files}.</source>
        <translation>新建 {files}。</translation>
    </message>
    <message>
        <source>Writes {files}, keeps a copy, restarts {unit} when idle.</source>
        <translation>写入 {files}，保留副本，空闲时重启 {unit}。</translation>
    </message>
    <message>
        <source>Writes {files}, keeps a copy.</source>
        <translation>写入 {files}，保留副本。</translation>
    </message>
    <message>
        <source>Can be undone.</source>
        <translation>可以撤销。</translation>
    </message>
    <message>
        <source>This is for you to do; the panel cannot.</source>
        <translation>这需要你来做；面板无法代劳。</translation>
    </message>
    <message>
        <source>Runs commands that need an administrator.</source>
        <translation>运行需要管理员权限的命令。</translation>
    </message>
    <message>
        <source>Runs the commands that you see before.</source>
        <translation>运行事先显示的命令。</translation>
    </message>
    <message>
        <source>Changes settings of the panel.</source>
        <translation>更改面板的设置。</translation>
    </message>
    <message>
        <source>Cannot be undone.</source>
        <translation>无法撤销。</translation>
    </message>
    <message>
        <source>d MMM</source>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>{findings} in {checks} · {time}, took {duration}</source>
        <translation>{checks}，{findings} · {time}，用时 {duration}</translation>
    </message>
    <message>
        <source>{checks}, nothing found · {time}, took {duration}</source>
        <translation>{checks}，未发现问题 · {time}，用时 {duration}</translation>
    </message>
</context>
<context>
    <name>drill</name>
    <message>
        <source>Kill the server</source>
        <translation>杀死服务器</translation>
    </message>
    <message>
        <source>Hang the server</source>
        <translation>使服务器卡死</translation>
    </message>
    <message>
        <source>Hang the model&apos;s process</source>
        <translation>使模型进程卡死</translation>
    </message>
    <message>
        <source>Slow it down</source>
        <translation>使其变慢</translation>
    </message>
    <message>
        <source>Its process ends at once, as after a crash.</source>
        <translation>进程立即结束，如同崩溃。</translation>
    </message>
    <message>
        <source>Its process stands still and answers nothing.</source>
        <translation>进程停住，不作任何回答。</translation>
    </message>
    <message>
        <source>The server answers, but its process for the model does not.</source>
        <translation>服务器有回应，但其模型进程没有。</translation>
    </message>
    <message>
        <source>It works on slowly: the panel should leave it alone.</source>
        <translation>它仍在缓慢工作：面板应当不去动它。</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>未通过</translation>
    </message>
    <message>
        <source>not done</source>
        <translation>未进行</translation>
    </message>
    <message>
        <source>to come</source>
        <translation>待进行</translation>
    </message>
    <message>
        <source>under way…</source>
        <translation>进行中…</translation>
    </message>
    <message>
        <source>false alarm</source>
        <translation>误报</translation>
    </message>
    <message>
        <source>{time}…</source>
        <translation>{time}…</translation>
    </message>
</context>
<context>
    <name>fit</name>
    <message>
        <source>no model known yet</source>
        <translation>尚无已知模型</translation>
    </message>
    <message>
        <source>Pull a model to see its size.</source>
        <translation>拉取一个模型后即可看到其大小。</translation>
    </message>
    <message>
        <source>The server does not report enough about this pool&apos;s models.</source>
        <translation>服务器没有报告此池模型的足够信息。</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV 缓存</translation>
    </message>
    <message>
        <source>compute</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>other pools</source>
        <translation>其他池</translation>
    </message>
    <message>
        <source>other servers</source>
        <translation>其他服务器</translation>
    </message>
    <message>
        <source>other programs</source>
        <translation>其他程序</translation>
    </message>
    <message>
        <source>no workers</source>
        <translation>没有工作进程</translation>
    </message>
    <message>
        <source>measured on this machine</source>
        <translation>在本机实测</translation>
    </message>
    <message>
        <source>partly measured on this machine</source>
        <translation>部分在本机实测</translation>
    </message>
    <message>
        <source>estimated</source>
        <translation>估算</translation>
    </message>
    <message>
        <source>as the driver says</source>
        <translation>依据驱动程序</translation>
    </message>
    <message>
        <source>as Ollama&apos;s log says</source>
        <translation>依据 Ollama 的日志</translation>
    </message>
    <message>
        <source>what macOS lends the GPU</source>
        <translation>macOS 借给 GPU 的部分</translation>
    </message>
    <message>
        <source>as set by iogpu.wired_limit_mb</source>
        <translation>由 iogpu.wired_limit_mb 设定</translation>
    </message>
    <message>
        <source>the main memory, as models run on the CPU</source>
        <translation>主内存，因为模型在 CPU 上运行</translation>
    </message>
    <message>
        <source>{models}: only on another server. Until the workers can read them, this pool cannot serve.</source>
        <translation>{models}：只在另一台服务器上。在工作进程能够读取它们之前，此池无法提供服务。</translation>
    </message>
    <message>
        <source>its workers have no model</source>
        <translation>其工作进程没有模型</translation>
    </message>
    <message>
        <source>{size} too much</source>
        <translation>超出 {size}</translation>
    </message>
    <message>
        <source>tight</source>
        <translation>偏紧</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>可容纳</translation>
    </message>
    <message>
        <source>{name}: {parallel} x {context} tokens in each worker</source>
        <translation>{name}：每个工作进程 {parallel} × {context} 词元</translation>
    </message>
    <message>
        <source>{name}: no context is longer than the {context} tokens that it was trained with.</source>
        <translation>{name}：上下文不会超过训练时的 {context} 词元。</translation>
    </message>
    <message>
        <source>Models may use {size}: {source}.</source>
        <translation>模型可用 {size}：{source}。</translation>
    </message>
    <message>
        <source>Another {size} should stay free.</source>
        <translation>另外应留出 {size} 空闲。</translation>
    </message>
    <message>
        <source>{name}: its own file sets this context (num_ctx), so that of the pool changes nothing.</source>
        <translation>{name}：它自己的文件设定了这个上下文（num_ctx），池的设置对它不起作用。</translation>
    </message>
    <message>
        <source>{name}: an estimate, until it was loaded here once.</source>
        <translation>{name}：估算值，在本机加载一次后改为实测。</translation>
    </message>
    <message>
        <source>{name}: from a load on this machine with {parallel} x {context} tokens (Ollama {version}).</source>
        <translation>{name}：在本机由 Ollama {version} 实测，{parallel} x {context} 词元。</translation>
    </message>
</context>
<context>
    <name>format</name>
    <message>
        <source>ms</source>
        <translation>毫秒</translation>
    </message>
    <message>
        <source>s</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>min</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>h</source>
        <translation>小时</translation>
    </message>
    <message>
        <source>days</source>
        <translation>天</translation>
    </message>
</context>
<context>
    <name>instances</name>
    <message>
        <source>no model loaded</source>
        <translation>未加载模型</translation>
    </message>
    <message>
        <source>successor is starting</source>
        <translation>后继正在启动</translation>
    </message>
    <message>
        <source>loading {model}…</source>
        <translation>正在加载 {model}…</translation>
    </message>
    <message>
        <source>{models}: no answer</source>
        <translation>{models}：无应答</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Slots in use</source>
        <translation>占用槽位</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
</context>
<context>
    <name>loadable</name>
    <message>
        <source>unknown whether it fits</source>
        <translation>不知能否放下</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>放得下</translation>
    </message>
    <message>
        <source>others make room for it</source>
        <translation>其他模型会为它让位</translation>
    </message>
    <message>
        <source>too large for {total}</source>
        <translation>超过 {total}，放不下</translation>
    </message>
</context>
<context>
    <name>memory</name>
    <message>
        <source>All pools and programs then need {needed}, but {total} can be used: {excess} too much.</source>
        <translation>所有池和程序届时共需 {needed}，但可用的只有 {total}：超出 {excess}。</translation>
    </message>
    <message>
        <source>Ollama unloads other models whenever it loads one, and what of a model has no room, it computes on the CPU, which is much slower.</source>
        <translation>Ollama 每加载一个模型都要先卸载其他模型；模型放不下的部分会改用 CPU 计算，速度慢得多。</translation>
    </message>
    <message>
        <source>Ollama then refuses to load models, or the computer moves memory to disk, which is much slower.</source>
        <translation>届时 Ollama 会拒绝加载模型，或者计算机会把内存移到磁盘，速度慢得多。</translation>
    </message>
    <message>
        <source>Apply settings that do not fit into memory?</source>
        <translation>要应用内存放不下的设置吗？</translation>
    </message>
    <message>
        <source>Apply anyway</source>
        <translation>仍然应用</translation>
    </message>
    <message>
        <source>Do not apply</source>
        <translation>不应用</translation>
    </message>
</context>
<context>
    <name>notices</name>
    <message>
        <source>It said: &quot;{line}&quot;.</source>
        <translation>其输出为：“{line}”。</translation>
    </message>
    <message>
        <source>{model} is reloaded again and again: {asking} asked for a longer context than {own:count} tokens, and {silent} cannot ask for one. {advice}</source>
        <translation>{model} 被反复重新加载：{asking} 要求的上下文超过 {own:count} 个词元，而 {silent} 无法提出要求。{advice}</translation>
    </message>
    <message>
        <source>{model} is reloaded again and again: {asking} asked for a longer context than the default, and {silent} cannot ask for one. {advice}</source>
        <translation>{model} 被反复重新加载：{asking} 要求的上下文超过默认值，而 {silent} 无法提出要求。{advice}</translation>
    </message>
    <message>
        <source>Paused by the user.</source>
        <translation>已由用户暂停。</translation>
    </message>
    <message>
        <source>No Ollama instance is running.</source>
        <translation>没有正在运行的 Ollama 实例。</translation>
    </message>
    <message>
        <source>{instance} is not answering yet.</source>
        <translation>{instance} 尚未响应。</translation>
    </message>
    <message>
        <source>{instances} are not answering yet.</source>
        <translation>{instances} 均尚未响应。</translation>
    </message>
    <message>
        <source>{instance} takes no new requests before its restart.</source>
        <translation>{instance} 即将重启，不再接收新请求。</translation>
    </message>
    <message>
        <source>{instances} take no new requests before their restarts.</source>
        <translation>{instances} 即将重启，均不再接收新请求。</translation>
    </message>
    <message>
        <source>{model} is being loaded at {instances}.</source>
        <translation>正在 {instances} 上加载 {model}。</translation>
    </message>
    <message>
        <source>{loading} is being loaded; {model} comes next.</source>
        <translation>正在加载 {loading}，接下来加载 {model}。</translation>
    </message>
    <message>
        <source>{instance} failed several times; no requests go there until it is tried again.</source>
        <translation>{instance} 已多次失败；再次尝试之前不向其发送请求。</translation>
    </message>
    <message>
        <source>{instances} failed several times; no requests go there until they are tried again.</source>
        <translation>{instances} 均已多次失败；再次尝试之前不向其发送请求。</translation>
    </message>
    <message>
        <source>The one slot of {model} is taken.</source>
        <translation>{model} 唯一的槽位已被占用。</translation>
    </message>
    <message>
        <source>All {slots:count} slots of {model} are taken.</source>
        <translation>{model} 的 {slots:count} 个槽位均已被占用。</translation>
    </message>
    <message>
        <source>{taken} There is no memory left for it at {instances}.</source>
        <translation>{taken}{instances} 上已没有内存可用于该模型。</translation>
    </message>
    <message>
        <source>{model} waits for other models to make room in memory.</source>
        <translation>{model} 正在等待其他模型腾出内存。</translation>
    </message>
    <message>
        <source>{model} runs with a context of {tokens:count} tokens; this request needs {needed:count} and waits for its turn.</source>
        <translation>{model} 正以 {tokens:count} 个词元的上下文运行；此请求需要 {needed:count} 个，正在等待轮到自己。</translation>
    </message>
    <message>
        <source>{model} runs with a context of {tokens:count} tokens; this request cannot ask for one and waits for its turn.</source>
        <translation>{model} 正以 {tokens:count} 个词元的上下文运行；此请求无法自行指定上下文，正在等待轮到自己。</translation>
    </message>
    <message>
        <source>{model} runs with its own context; this request needs {needed:count} tokens and waits for its turn.</source>
        <translation>{model} 正以自己的上下文运行；此请求需要 {needed:count} 个词元，正在等待轮到自己。</translation>
    </message>
    <message>
        <source>{model} runs with its own context; this request cannot ask for one and waits for its turn.</source>
        <translation>{model} 正以自己的上下文运行；此请求无法自行指定上下文，正在等待轮到自己。</translation>
    </message>
    <message>
        <source>Tried again in {seconds:seconds}: {cause}</source>
        <translation>{seconds:seconds}后重试：{cause}</translation>
    </message>
    <message>
        <source>A chat goes first.</source>
        <translation>聊天优先。</translation>
    </message>
    <message>
        <source>Instance {instance} is gone.</source>
        <translation>实例 {instance} 已不存在。</translation>
    </message>
    <message>
        <source>{model} was still not loaded at {instance}.</source>
        <translation>{model} 在 {instance} 上仍未加载完成。</translation>
    </message>
    <message>
        <source>The client left.</source>
        <translation>客户端已离开。</translation>
    </message>
    <message>
        <source>Everybody who can reach the proxy can use and change your models without a key.</source>
        <translation>任何能访问代理的人无需密钥即可使用和更改您的模型。</translation>
    </message>
    <message>
        <source>The proxy wants API keys, but there is none: nobody can use it until ollama-panel keys add NAME makes one.</source>
        <translation>代理需要 API 密钥，但尚未创建任何密钥：在用 ollama-panel keys add NAME 创建之前，无人可以使用。</translation>
    </message>
    <message>
        <source>{model}: a prompt of {tokens:count} tokens of {client} was cut to {kept:count}. {advice}</source>
        <translation>{model}：{client} 的一个提示词（{tokens:count} 个词元）被截断为 {kept:count} 个词元。{advice}</translation>
    </message>
    <message>
        <source>{model}: a prompt of {client} was cut to {kept:count} tokens. {advice}</source>
        <translation>{model}：{client} 的一个提示词被截断为 {kept:count} 个词元。{advice}</translation>
    </message>
    <message>
        <source>{model}: a prompt of {tokens:count} tokens of {client} was cut. {advice}</source>
        <translation>{model}：{client} 的一个提示词（{tokens:count} 个词元）被截断。{advice}</translation>
    </message>
    <message>
        <source>{model}: a prompt of {client} was cut. {advice}</source>
        <translation>{model}：{client} 的一个提示词被截断。{advice}</translation>
    </message>
    <message>
        <source>{model}: Ollama has probably left out earlier messages of {client}, too long for {tokens:count} tokens. {advice}</source>
        <translation>{model}：{client} 较早的消息超出 {tokens:count} 个词元，Ollama 可能已将其省略。{advice}</translation>
    </message>
    <message>
        <source>{cut} So far {times:count} prompts for {model} were cut.</source>
        <translation>{cut}到目前为止，{model} 已有 {times:count} 个提示词被截断。</translation>
    </message>
    <message>
        <source>Raise the context of its pool.</source>
        <translation>请增大其池的上下文。</translation>
    </message>
    <message>
        <source>Raise OLLAMA_CONTEXT_LENGTH of that server.</source>
        <translation>请增大该服务器的 OLLAMA_CONTEXT_LENGTH。</translation>
    </message>
    <message>
        <source>The model was trained for no more.</source>
        <translation>该模型的训练上下文仅此长度。</translation>
    </message>
    <message>
        <source>Its pool has more: the client asked for less itself.</source>
        <translation>其池的上下文更长：是客户端自己要求了更短的上下文。</translation>
    </message>
    <message>
        <source>The model&apos;s own num_ctx limits it: set a longer one there.</source>
        <translation>受模型自身的 num_ctx 限制：请在模型文件中设置更大的值。</translation>
    </message>
    <message>
        <source>{client} ({tokens:count})</source>
        <translation>{client}（{tokens:count}）</translation>
    </message>
    <message>
        <source>other clients</source>
        <translation>其他客户端</translation>
    </message>
    <message>
        <source>Set a longer num_ctx in the model&apos;s own file.</source>
        <translation>请在模型文件中设置更大的 num_ctx。</translation>
    </message>
    <message>
        <source>Raise the context of its pool to {tokens:count} tokens, and one load serves all.</source>
        <translation>将其池的上下文增大到 {tokens:count} 个词元，只需加载一次即可满足所有请求。</translation>
    </message>
    <message>
        <source>{tokens:count} tokens do not fit into memory: lower the parallel requests, or ask for less.</source>
        <translation>内存放不下 {tokens:count} 个词元：请减少并行请求数，或请求更短的上下文。</translation>
    </message>
    <message>
        <source>The queue is full: {waiting:count} waiting. Try again later, or raise the queue limit.</source>
        <translation>队列已满：有 {waiting:count} 个请求在等待。请稍后重试，或调高队列上限。</translation>
    </message>
    <message>
        <source>The queue is full: {waiting:count} waiting, {size:bytes} together. Try again later, or send shorter requests.</source>
        <translation>队列已满：有 {waiting:count} 个请求在等待，共 {size:bytes}。请稍后重试，或发送更短的请求。</translation>
    </message>
    <message>
        <source>No Ollama instance is running. Start one in the panel, or raise the number of workers of a pool.</source>
        <translation>没有正在运行的 Ollama 实例。请在面板中启动一个，或调高某个池的工作进程数。</translation>
    </message>
    <message>
        <source>A context of {tokens:count} tokens for {model} does not fit into this machine&apos;s memory; at most {longest:count} do. Ask for a smaller num_ctx, or lower the parallel requests of the pool.</source>
        <translation>{model} 的 {tokens:count} 个词元的上下文超出本机内存；最多可容纳 {longest:count} 个。请使用较小的 num_ctx，或减少池的并行请求数。</translation>
    </message>
    <message>
        <source>The request was cancelled in Ollama Panel.</source>
        <translation>请求已在 Ollama Panel 中取消。</translation>
    </message>
    <message>
        <source>Request {request} is already under way. Give every request an id of its own.</source>
        <translation>请求 {request} 已在处理中。请为每个请求使用各自的 ID。</translation>
    </message>
    <message>
        <source>Ollama failed: {cause}</source>
        <translation>Ollama 失败：{cause}</translation>
    </message>
    <message>
        <source>Ollama could not answer in {tries:count} attempts: {cause}</source>
        <translation>Ollama 在 {tries:count} 次尝试中均未能应答：{cause}</translation>
    </message>
    <message>
        <source>The attempt failed ({kind}).</source>
        <translation>此次尝试失败（{kind}）。</translation>
    </message>
    <message>
        <source>The instance answered with the error &quot;{error}&quot;.</source>
        <translation>实例返回错误“{error}”。</translation>
    </message>
    <message>
        <source>There is no connection to the instance: &quot;{reason}&quot;.</source>
        <translation>无法连接到实例：“{reason}”。</translation>
    </message>
    <message>
        <source>The instance did not accept a connection in time.</source>
        <translation>实例未能及时接受连接。</translation>
    </message>
    <message>
        <source>The instance closed the connection without an answer.</source>
        <translation>实例未应答就关闭了连接。</translation>
    </message>
    <message>
        <source>The instance closed the connection without an answer: &quot;{reason}&quot;.</source>
        <translation>实例未应答就关闭了连接：“{reason}”。</translation>
    </message>
    <message>
        <source>The instance broke off its answer.</source>
        <translation>实例中断了应答。</translation>
    </message>
    <message>
        <source>The instance broke off its answer: &quot;{reason}&quot;.</source>
        <translation>实例中断了应答：“{reason}”。</translation>
    </message>
    <message>
        <source>The instance&apos;s answer ended before its final event.</source>
        <translation>实例的应答在最后一个事件之前就结束了。</translation>
    </message>
    <message>
        <source>The instance&apos;s answer is not valid HTTP: &quot;{reason}&quot;.</source>
        <translation>实例的应答不是有效的 HTTP：“{reason}”。</translation>
    </message>
    <message>
        <source>The instance&apos;s headers are too long.</source>
        <translation>实例的应答头过长。</translation>
    </message>
    <message>
        <source>It took longer than the panel&apos;s limit of {limit:number} s.</source>
        <translation>耗时超过了面板的上限 {limit:number} 秒。</translation>
    </message>
    <message>
        <source>{instance} answered with the status {status}; the client has its error.</source>
        <translation>{instance} 应答的状态码为 {status}；客户端已收到该错误。</translation>
    </message>
    <message>
        <source>{method} {path} is switched off in this panel&apos;s settings.</source>
        <translation>{method} {path} 已在此面板的设置中关闭。</translation>
    </message>
    <message>
        <source>This is not a valid HTTP request: &quot;{reason}&quot;.</source>
        <translation>这不是有效的 HTTP 请求：“{reason}”。</translation>
    </message>
    <message>
        <source>This is not a valid HTTP request.</source>
        <translation>这不是有效的 HTTP 请求。</translation>
    </message>
    <message>
        <source>No slot became free within {waited:seconds}. Try again later, or raise the longest wait in the panel&apos;s settings.</source>
        <translation>{waited:seconds}内没有空出槽位。请稍后重试，或在面板的设置中延长最长等待时间。</translation>
    </message>
    <message>
        <source>A mistake in the settings file leaves out the pool for this request, which waits until it is corrected.</source>
        <translation>设置文件中有错误，此请求所需的池因此被忽略；请求会等到错误改正。</translation>
    </message>
    <message>
        <source>{instance} is stopped: this request waits until you start it.</source>
        <translation>{instance} 已停止：此请求会等到您启动它。</translation>
    </message>
    <message>
        <source>{instances} are stopped: this request waits until you start one of them.</source>
        <translation>{instances} 已停止：此请求会等到您启动其中一个。</translation>
    </message>
    <message>
        <source>The client took nothing of its answer for {limit:seconds}, and was cut off.</source>
        <translation>客户端在 {limit:seconds}内没有读取回答的任何内容，已被断开。</translation>
    </message>
    <message>
        <source>The queue is full: {waiting:count} waiting. This client has the most requests in it; this one was pushed out for another client&apos;s. Try again later, or send fewer requests at once.</source>
        <translation>队列已满：{waiting:count} 个请求在等待，其中此客户端的最多；这个请求已被移出，为另一客户端的请求让位。请稍后重试，或减少同时发送的请求。</translation>
    </message>
    <message>
        <source>The queue is full: {waiting:count} waiting, {size:bytes} together. Most of that is this client&apos;s; this one was pushed out for another client&apos;s. Try again later, or send shorter requests, or fewer at once.</source>
        <translation>队列已满：{waiting:count} 个请求在等待，共 {size:bytes}，其中大部分属于此客户端；这个请求已被移出，为另一客户端的请求让位。请稍后重试，或发送更短或更少的请求。</translation>
    </message>
    <message>
        <source>A mistake in the settings file leaves out the pool for this request. Correct it; ollama-panel status says where it is.</source>
        <translation>设置文件中有错误，此请求所需的池因此被忽略。请改正；ollama-panel status 会指出位置。</translation>
    </message>
    <message>
        <source>No worker that may answer this request is running: {instances}. Start one in the panel, or see in its log why it does not run.</source>
        <translation>可以回答此请求的工作进程都没有运行：{instances}。请在面板中启动一个，或在其日志中查看为何没有运行。</translation>
    </message>
    <message>
        <source>No worker may answer this request: the pool {pool} has 0 workers. Give it one in the panel, or by ollama-panel settings set pools.{pool}.workers 1.</source>
        <translation>没有工作进程可以回答此请求：池 {pool} 的工作进程数为 0。请在面板中为它设置一个，或运行 ollama-panel settings set pools.{pool}.workers 1。</translation>
    </message>
    <message>
        <source>No worker may answer this request: the pools {pools} have 0 workers. Give one of them a worker in the panel.</source>
        <translation>没有工作进程可以回答此请求：池 {pools} 的工作进程数都为 0。请在面板中为其中一个设置工作进程。</translation>
    </message>
    <message>
        <source>No worker may answer this request: there are only workers for embeddings. Add a pool for chats in the panel, or let chats use these: ollama-panel settings set scheduling.chats_on_embedding on.</source>
        <translation>没有工作进程可以回答此请求：只有用于嵌入的工作进程。请在面板中添加一个用于聊天的池，或允许聊天使用它们：ollama-panel settings set scheduling.chats_on_embedding on。</translation>
    </message>
    <message>
        <source>Too many connections from {client}: close some, or raise the limit in the panel&apos;s settings.</source>
        <translation>来自 {client} 的连接过多：请关闭一些，或在面板的设置中调高上限。</translation>
    </message>
    <message>
        <source>The API key {key} does not open this: it needs the scope {scope}.</source>
        <translation>API 密钥 {key} 无权执行此操作：需要权限 {scope}。</translation>
    </message>
    <message>
        <source>Web pages of other origins get nothing from the panel&apos;s own API.</source>
        <translation>面板自身的 API 不对其他来源的网页开放。</translation>
    </message>
    <message>
        <source>The panel speaks HTTP/1.0 and 1.1 only: use one of them.</source>
        <translation>面板只支持 HTTP/1.0 和 1.1：请使用其中之一。</translation>
    </message>
    <message>
        <source>HTTP/1.0 has no Transfer-Encoding: send Content-Length, or use HTTP/1.1.</source>
        <translation>HTTP/1.0 没有 Transfer-Encoding：请发送 Content-Length，或使用 HTTP/1.1。</translation>
    </message>
    <message>
        <source>The panel is no tunnel to other hosts: send it the request itself.</source>
        <translation>面板不能作为通往其他主机的隧道：请直接向它发送请求。</translation>
    </message>
    <message>
        <source>The request needs exactly one Host header.</source>
        <translation>请求必须恰好有一个 Host 头。</translation>
    </message>
    <message>
        <source>The panel cannot meet Expect: {expected}.</source>
        <translation>面板无法满足 Expect: {expected}。</translation>
    </message>
    <message>
        <source>The request has too many headers, or a header or a path beyond {limit:bytes}.</source>
        <translation>请求头过多，或某个请求头或路径超过 {limit:bytes}。</translation>
    </message>
    <message>
        <source>The request&apos;s headers are longer than {limit:bytes} together.</source>
        <translation>所有请求头合计超过 {limit:bytes}。</translation>
    </message>
    <message>
        <source>The request&apos;s headers did not come in time.</source>
        <translation>请求头未能及时到达。</translation>
    </message>
    <message>
        <source>The request body is longer than {limit:bytes}, the panel&apos;s limit.</source>
        <translation>请求体超过面板的上限 {limit:bytes}。</translation>
    </message>
    <message>
        <source>The request body came too slowly, or nothing of it for {limit:number} s.</source>
        <translation>请求体到达过慢，或在 {limit:number} 秒内没有任何数据。</translation>
    </message>
    <message>
        <source>The request body is not valid HTTP: &quot;{reason}&quot;.</source>
        <translation>请求体不是有效的 HTTP：“{reason}”。</translation>
    </message>
    <message>
        <source>The request body is not valid HTTP: its framing is broken.</source>
        <translation>请求体不是有效的 HTTP：其分帧已损坏。</translation>
    </message>
    <message>
        <source>The panel holds {size:bytes} of other request bodies and has no room for more. Try again later, or send shorter requests.</source>
        <translation>面板已保存其他请求的请求体共 {size:bytes}，没有空间容纳更多。请稍后重试，或发送更短的请求。</translation>
    </message>
    <message>
        <source>The panel cannot keep the request body in its temporary folder: &quot;{reason}&quot;. Try again later, or make room there (TMPDIR).</source>
        <translation>面板无法把请求体存入其临时文件夹：“{reason}”。请稍后重试，或在该文件夹（TMPDIR）中腾出空间。</translation>
    </message>
    <message>
        <source>The panel has no {path}; it has {paths}.</source>
        <translation>面板没有 {path}；可用的有 {paths}。</translation>
    </message>
    <message>
        <source>{path} takes {methods} only.</source>
        <translation>{path} 只接受 {methods}。</translation>
    </message>
    <message>
        <source>The body has the name {name} twice in one object.</source>
        <translation>请求体的同一对象中名称 {name} 出现了两次。</translation>
    </message>
    <message>
        <source>The body is not what this takes: {reason}.</source>
        <translation>请求体不符合要求：{reason}。</translation>
    </message>
    <message>
        <source>The body must be JSON, with Content-Type: application/json, not {given}.</source>
        <translation>请求体必须是 JSON，并带有 Content-Type: application/json，而不是 {given}。</translation>
    </message>
    <message>
        <source>The parameters are not what this takes: {reason}.</source>
        <translation>参数不符合要求：{reason}。</translation>
    </message>
    <message>
        <source>{name} {wrong}</source>
        <translation>{name} {wrong}</translation>
    </message>
    <message>
        <source>it has no {name}, only {known}</source>
        <translation>没有 {name}，只有 {known}</translation>
    </message>
    <message>
        <source>it has none, and no {name}</source>
        <translation>不接受任何参数，也没有 {name}</translation>
    </message>
    <message>
        <source>it needs {names}</source>
        <translation>需要 {names}</translation>
    </message>
    <message>
        <source>The parameter {name} is given twice.</source>
        <translation>参数 {name} 给出了两次。</translation>
    </message>
    <message>
        <source>The process of {instance} for {model} does not answer: restart {instance}.</source>
        <translation>{instance} 运行 {model} 的进程没有响应：请重启 {instance}。</translation>
    </message>
    <message>
        <source>The processes of {instances} for {model} do not answer: restart these instances.</source>
        <translation>{instances} 运行 {model} 的进程没有响应：请重启这些实例。</translation>
    </message>
    <message>
        <source>This panel wants an API key that it knows: send it as Authorization: Bearer KEY.</source>
        <translation>此面板需要一个它认得的 API 密钥：请以 Authorization: Bearer KEY 发送。</translation>
    </message>
    <message>
        <source>The body cannot be read: {cause}</source>
        <translation>无法读取请求体：{cause}</translation>
    </message>
    <message>
        <source>It has been changed since it was read: read it again, and change that.</source>
        <translation>读取之后已有更改：请重新读取后再更改。</translation>
    </message>
    <message>
        <source>There is no request {request}, or it ended long ago.</source>
        <translation>没有请求 {request}，或者它早已结束。</translation>
    </message>
    <message>
        <source>Request {request} has ended already: {state}.</source>
        <translation>请求 {request} 已经结束：{state}。</translation>
    </message>
    <message>
        <source>The panel failed at this request; its log says why.</source>
        <translation>面板处理此请求时出错；原因见其日志。</translation>
    </message>
    <message>
        <source>{first} {then}</source>
        <translation>{first}{then}</translation>
    </message>
    <message>
        <source>{where}: {what}</source>
        <translation>{where}：{what}</translation>
    </message>
    <message>
        <source>proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>instances</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>workers</source>
        <translation>工作进程</translation>
    </message>
    <message>
        <source>It was running already: its environment is not the panel&apos;s to change.</source>
        <translation>它原本就在运行：面板不会更改它的环境。</translation>
    </message>
    <message>
        <source>{name} (process {pid})</source>
        <translation>{name}（进程 {pid}）</translation>
    </message>
    <message>
        <source>process {pid}</source>
        <translation>进程 {pid}</translation>
    </message>
    <message>
        <source>a program of user {user}</source>
        <translation>用户 {user} 的程序</translation>
    </message>
    <message>
        <source>another program</source>
        <translation>其他程序</translation>
    </message>
    <message>
        <source>Other machines reach the panel at {urls}.</source>
        <translation>其他计算机可通过 {urls} 访问本程序。</translation>
    </message>
    <message>
        <source>Ollama runs embedding models one request at a time; add workers instead.</source>
        <translation>Ollama 对嵌入模型一次只处理一个请求；请改为增加工作进程。</translation>
    </message>
    <message>
        <source>Ollama runs safetensors (MLX) models one request at a time; add workers instead.</source>
        <translation>Ollama 对 safetensors（MLX）模型一次只处理一个请求；请改为增加工作进程。</translation>
    </message>
    <message>
        <source>Ollama runs the {family} family one request at a time; add workers instead.</source>
        <translation>Ollama 对 {family} 系列模型一次只处理一个请求；请改为增加工作进程。</translation>
    </message>
    <message>
        <source>lost by its driver</source>
        <translation>驱动程序已与它失去联系</translation>
    </message>
    <message>
        <source>not slowed</source>
        <translation>未降速</translation>
    </message>
    <message>
        <source>slowed by {reasons}</source>
        <translation>因{reasons}而降速</translation>
    </message>
    <message>
        <source>its power limit</source>
        <translation>功率限制</translation>
    </message>
    <message>
        <source>heat</source>
        <translation>过热</translation>
    </message>
    <message>
        <source>its own protection</source>
        <translation>自身保护</translation>
    </message>
    <message>
        <source>Starting {instance}.</source>
        <translation>正在启动 {instance}。</translation>
    </message>
    <message>
        <source>Restarting {instance}: {changes}.</source>
        <translation>正在重启 {instance}：{changes}。</translation>
    </message>
    <message>
        <source>Restarting {instance} when its running request has ended: {changes}.</source>
        <translation>待 {instance} 上正在运行的请求处理完后重启：{changes}。</translation>
    </message>
    <message>
        <source>Restarting {instance} when its {requests:count} running requests have ended: {changes}.</source>
        <translation>待 {instance} 上正在运行的 {requests:count} 个请求处理完后重启：{changes}。</translation>
    </message>
    <message>
        <source>{number:count} of {all:count}: {what}</source>
        <translation>第 {number:count} 个，共 {all:count} 个：{what}</translation>
    </message>
    <message>
        <source>Stopping {instance} when its requests have ended.</source>
        <translation>待 {instance} 的请求处理完后停止。</translation>
    </message>
    <message>
        <source>{instances}: restarted one after the other, without losing a request ({changes}).</source>
        <translation>{instances}：将逐个重启，不会丢失请求（{changes}）。</translation>
    </message>
    <message>
        <source>{instance}: restarted, without losing a request ({changes}).</source>
        <translation>{instance}：将重启，不会丢失请求（{changes}）。</translation>
    </message>
    <message>
        <source>{instances}: started.</source>
        <translation>{instances}：将启动。</translation>
    </message>
    <message>
        <source>{instances}: stopped when the running requests have ended.</source>
        <translation>{instances}：待正在运行的请求处理完后停止。</translation>
    </message>
    <message>
        <source>Chats and completions are refused, also those that wait: no worker is left that may answer them.</source>
        <translation>聊天和补全请求会被拒绝，包括正在等待的：没有剩下可以回答它们的工作进程。</translation>
    </message>
    <message>
        <source>Chats and completions are refused, also those that wait, unless an Ollama that the panel did not start answers them: no worker is left that may.</source>
        <translation>聊天和补全请求会被拒绝，包括正在等待的，除非有不由面板启动的 Ollama 回答它们：没有剩下可以回答它们的工作进程。</translation>
    </message>
    <message>
        <source>All requests are refused, also those that wait: no worker is left.</source>
        <translation>所有请求都会被拒绝，包括正在等待的：没有剩下任何工作进程。</translation>
    </message>
    <message>
        <source>All requests are refused, also those that wait, unless an Ollama that the panel did not start answers them: no worker is left.</source>
        <translation>所有请求都会被拒绝，包括正在等待的，除非有不由面板启动的 Ollama 回答它们：没有剩下任何工作进程。</translation>
    </message>
    <message>
        <source>The proxy listens on all addresses of this machine, on port {port}.</source>
        <translation>代理将监听本机的所有地址，端口为 {port}。</translation>
    </message>
    <message>
        <source>The proxy moves to {address}; clients must use the new address.</source>
        <translation>代理将换到 {address}；客户端须使用新地址。</translation>
    </message>
    <message>
        <source>At once, without a restart: {settings:setting}.</source>
        <translation>立即生效、无需重启：{settings:setting}。</translation>
    </message>
    <message>
        <source>{setting:setting} of {pool}</source>
        <translation>{pool} 的{setting:setting}</translation>
    </message>
    <message>
        <source>Nothing changes.</source>
        <translation>没有变化。</translation>
    </message>
    <message>
        <source>The settings are saved; nothing that runs changes.</source>
        <translation>设置已保存；正在运行的一切不变。</translation>
    </message>
    <message>
        <source>{pools}: no workers yet, so no request goes there.</source>
        <translation>{pools}：还没有工作进程，因此没有请求发往那里。</translation>
    </message>
    <message>
        <source>another Ollama</source>
        <translation>另一个 Ollama</translation>
    </message>
    <message>
        <source>port {before} → {after}</source>
        <translation>端口 {before} → {after}</translation>
    </message>
    <message>
        <source>{setting:setting} {before:count} → {after:count}</source>
        <translation>{setting:setting} {before:count} → {after:count}</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>share of the cores {before:count} → {after:count}</source>
        <translation>核心份额 {before:count} → {after:count}</translation>
    </message>
    <message>
        <source>{name} {before} → {after}</source>
        <translation>{name}：{before} → {after}</translation>
    </message>
    <message>
        <source>Demonstration: Ollama was not found, so these instances are simulated. Numbers are not your machine&apos;s.</source>
        <translation>演示：未找到 Ollama，因此这些实例是模拟的，数字并非来自您的机器。</translation>
    </message>
    <message>
        <source>Stopping when the running requests have ended; a second signal ends them now.</source>
        <translation>待正在运行的请求处理完后停止；再次发送信号会立即结束它们。</translation>
    </message>
    <message>
        <source>Without a window there is: ollama-panel serve</source>
        <translation>没有窗口时可使用：ollama-panel serve</translation>
    </message>
    <message>
        <source>{name} is a pipe, a device or a folder, not a file</source>
        <translation>{name} 是管道、设备或文件夹，不是文件</translation>
    </message>
    <message>
        <source>Check the folder and its rights.</source>
        <translation>请检查该文件夹及其权限。</translation>
    </message>
    <message>
        <source>Choose another place.</source>
        <translation>请选择其他位置。</translation>
    </message>
    <message>
        <source>If the panel is another user&apos;s, run the command as that user.</source>
        <translation>如果面板属于另一位用户，请以该用户的身份运行此命令。</translation>
    </message>
    <message>
        <source>Restart the panel.</source>
        <translation>请重新启动面板。</translation>
    </message>
    <message>
        <source>Warnings are shown here only.</source>
        <translation>警告只会显示在这里。</translation>
    </message>
    <message>
        <source>A second panel will not know who has the folder.</source>
        <translation>第二个面板将无法得知谁在使用该文件夹。</translation>
    </message>
    <message>
        <source>Nothing is recorded.</source>
        <translation>不会记录任何内容。</translation>
    </message>
    <message>
        <source>{why} It is started again (try {number:count} of {all:count}).</source>
        <translation>{why}将重新启动（第 {number:count} 次，共 {all:count} 次）。</translation>
    </message>
    <message>
        <source>{why} It is started as soon as that works, as when an update is complete.</source>
        <translation>{why} 一旦可以启动（例如更新完成后）就会启动。</translation>
    </message>
    <message>
        <source>Nothing answers at {url}; it is used again as soon as something does.</source>
        <translation>{url} 没有响应；一旦恢复就会重新使用。</translation>
    </message>
    <message>
        <source>It did not answer in time and was killed.</source>
        <translation>它未能及时响应，已被终止。</translation>
    </message>
    <message>
        <source>The server answers, but its process for {models} does not: requests for that stand still. Restart the server.</source>
        <translation>服务器有响应，但其运行 {models} 的进程没有响应：相关请求停滞不前。请重启该服务器。</translation>
    </message>
    <message>
        <source>It has stopped answering.</source>
        <translation>它已停止响应。</translation>
    </message>
    <message>
        <source>Port {port} is taken by {owner}.</source>
        <translation>端口 {port} 已被占用：{owner}。</translation>
    </message>
    <message>
        <source>The server ended with exit code {code}.</source>
        <translation>服务器已退出，退出码为 {code}。</translation>
    </message>
    <message>
        <source>The server was ended by {signal}.</source>
        <translation>服务器被 {signal} 终止。</translation>
    </message>
    <message>
        <source>The server was ended by signal {number}.</source>
        <translation>服务器被信号 {number} 终止。</translation>
    </message>
    <message>
        <source>Ended process {pid}, left behind by an earlier run of the panel.</source>
        <translation>已结束面板先前运行时遗留的进程 {pid}。</translation>
    </message>
    <message>
        <source>This machine has no GPU, and Ollama {version} cannot divide its processor cores among {workers:count} workers: they slow each other down several times. Use one worker in all, or update Ollama to 0.30 or later.</source>
        <translation>本机没有 GPU，而 Ollama {version} 无法把处理器核心分配给 {workers:count} 个工作进程：它们会使彼此慢上数倍。请总共只用一个工作进程，或将 Ollama 更新到 0.30 或更高版本。</translation>
    </message>
    <message>
        <source>The loaded models do not fit beside the other programs: this Mac has moved {size:bytes} to its disk in the last minutes, which slows everything down. Use fewer workers, a shorter context or a smaller model.</source>
        <translation>已加载的模型与其他程序合计超出内存：这台 Mac 在最近几分钟内已将 {size:bytes} 移到磁盘，一切都会变慢。请减少工作进程、缩短上下文或使用更小的模型。</translation>
    </message>
    <message>
        <source>The driver does not tell of {card} any more: models cannot use it until it does. See whether the driver works (after an update, restart the machine), then restart the servers.</source>
        <translation>驱动程序不再提供 {card} 的信息：在恢复之前，模型无法使用它。请检查驱动程序是否正常（更新后请重新启动计算机），然后重新启动服务器。</translation>
    </message>
    <message>
        <source>The driver of the graphics cards has not answered for {seconds:count} seconds: what they do is unknown until it does. Restart the computer if it stays so.</source>
        <translation>显卡的驱动程序已有 {seconds:count} 秒没有应答：在它应答之前，显卡的状态未知。若一直如此，请重新启动计算机。</translation>
    </message>
    <message>
        <source>Ollama itself let it wait for {seconds:seconds}: it had no free slot, because others use this server past the panel or because it has fewer slots than it was set to.</source>
        <translation>Ollama 自身让它等待了 {seconds:seconds}：它没有空闲槽位，因为有程序绕过面板使用此服务器，或者它的槽位比设置的少。</translation>
    </message>
    <message>
        <source>Request {request} does not wait any more: it has begun, or has ended.</source>
        <translation>请求 {request} 已不在等待：它已开始或已结束。</translation>
    </message>
    <message>
        <source>Nothing that requests are served by was changed in this run: there is nothing to undo.</source>
        <translation>本次运行中没有更改影响请求处理的设置，无可撤销。</translation>
    </message>
    <message>
        <source>What loads of models took of the memory cannot be read from {path}: until they are loaded again, forecasts are estimates. The file is then replaced; nothing need be done.</source>
        <translation>无法从 {path} 读取模型加载占用内存的记录：在模型重新加载之前，预测为估算值。之后会替换该文件；无需任何操作。</translation>
    </message>
    <message>
        <source>Recording to {path} has ended ({reason}).</source>
        <translation>对 {path} 的记录已结束（{reason}）。</translation>
    </message>
    <message>
        <source>Recording to {path} has ended: the file is large enough.</source>
        <translation>对 {path} 的记录已结束：文件已足够大。</translation>
    </message>
    <message>
        <source>The end of {path} was lost ({reason}).</source>
        <translation>{path} 的末尾已丢失（{reason}）。</translation>
    </message>
    <message>
        <source>The context could not be raised: {why}</source>
        <translation>无法增大上下文：{why}</translation>
    </message>
    <message>
        <source>{why} After {tries:count} tries the panel gave up: find the cause in its log, then start it.</source>
        <translation>{why}面板在 {tries:count} 次尝试后放弃：请在其日志中查明原因，然后再启动。</translation>
    </message>
    <message>
        <source>It does not run.</source>
        <translation>它没有运行。</translation>
    </message>
    <message>
        <source>There is no instance {instance}; there are {known}.</source>
        <translation>没有名为 {instance} 的实例；现有：{known}。</translation>
    </message>
    <message>
        <source>There is no instance {instance}: there is none at all.</source>
        <translation>没有名为 {instance} 的实例：目前没有任何实例。</translation>
    </message>
    <message>
        <source>{instance} was started by another program: start and stop it there.</source>
        <translation>{instance} 由其他程序启动：请在那里启动和停止它。</translation>
    </message>
    <message>
        <source>There is no program {path}: install Ollama, or set its path in Settings.</source>
        <translation>程序 {path} 不存在：请安装 Ollama，或在“设置”中填写其路径。</translation>
    </message>
    <message>
        <source>{path} may not be run: check the file&apos;s permissions.</source>
        <translation>不允许运行 {path}：请检查该文件的权限。</translation>
    </message>
    <message>
        <source>{path} could not be started: {reason}.</source>
        <translation>无法启动 {path}：{reason}。</translation>
    </message>
    <message>
        <source>{path} is no program that can be run: give the path of Ollama&apos;s program, or none to have it searched for.</source>
        <translation>{path} 不是可以运行的程序：请给出 Ollama 程序的路径，或留空以自动查找。</translation>
    </message>
    <message>
        <source>{instance} does not run with these settings: {why} The others stay as they are.</source>
        <translation>{instance} 无法以这些设置运行：{why}其他实例保持不变。</translation>
    </message>
    <message>
        <source>The panel has ended before the settings were in force everywhere.</source>
        <translation>设置尚未在各处生效，面板就已结束。</translation>
    </message>
    <message>
        <source>The engine has stopped: {error}. The log has the details.</source>
        <translation>引擎已停止：{error}。详情见日志。</translation>
    </message>
    <message>
        <source>The engine does not run any more; start it again.</source>
        <translation>引擎已不再运行；请重新启动。</translation>
    </message>
    <message>
        <source>The engine ended before it had started.</source>
        <translation>引擎尚未启动完成就已结束。</translation>
    </message>
    <message>
        <source>Something unexpected went wrong: {error}. The log has the details.</source>
        <translation>出现意外错误：{error}。详情见日志。</translation>
    </message>
    <message>
        <source>{path} cannot be read ({reason}).</source>
        <translation>无法读取 {path}（{reason}）。</translation>
    </message>
    <message>
        <source>{path} is being changed by process {pid}; nothing was changed. Try again.</source>
        <translation>进程 {pid} 正在更改 {path}；未做任何更改。请重试。</translation>
    </message>
    <message>
        <source>{path} cannot be written ({reason}).</source>
        <translation>无法写入 {path}（{reason}）。</translation>
    </message>
    <message>
        <source>There is no home folder for the panel&apos;s files: set the variable HOME, or give a folder with --state-dir.</source>
        <translation>没有可存放面板文件的主文件夹：请设置环境变量 HOME，或用 --state-dir 指定一个文件夹。</translation>
    </message>
    <message>
        <source>The state folder {path} cannot be used ({reason}); give another one with --state-dir.</source>
        <translation>无法使用状态文件夹 {path}（{reason}）；请用 --state-dir 指定其他文件夹。</translation>
    </message>
    <message>
        <source>Another Ollama Panel already runs on {path}; use that one, or stop it first.</source>
        <translation>另一个 Ollama Panel 已在使用 {path}；请使用那一个，或先将其停止。</translation>
    </message>
    <message>
        <source>Another Ollama Panel (process {pid}) already runs on {path}; use that one, or stop it first.</source>
        <translation>另一个 Ollama Panel（进程 {pid}）已在使用 {path}；请使用那一个，或先将其停止。</translation>
    </message>
    <message>
        <source>The state folder {path} was deleted or moved, and another Ollama Panel has taken its place; stop one of the two.</source>
        <translation>状态文件夹 {path} 已被删除或移走，另一个 Ollama Panel 占用了该位置；请停止其中一个。</translation>
    </message>
    <message>
        <source>The state folder {path} was deleted or moved, and another Ollama Panel (process {pid}) has taken its place; stop one of the two.</source>
        <translation>状态文件夹 {path} 已被删除或移走，另一个 Ollama Panel（进程 {pid}）占用了该位置；请停止其中一个。</translation>
    </message>
    <message>
        <source>The state folder {path} was deleted or moved while the panel runs. It has been made again, with the settings in force.</source>
        <translation>状态文件夹 {path} 在面板运行期间被删除或移走。已重新创建，并写入当前生效的设置。</translation>
    </message>
    <message>
        <source>The panel may have only {limit} files and connections open, and needs {least}: raise the limit (ulimit -n).</source>
        <translation>面板最多只能打开 {limit} 个文件和连接，而它需要 {least} 个：请提高该限制（ulimit -n）。</translation>
    </message>
    <message>
        <source>The system does not let the panel start a thread: end other programs, or raise the limit of processes (ulimit -u).</source>
        <translation>系统不允许本程序启动线程：请结束其他程序，或提高进程数限制（ulimit -u）。</translation>
    </message>
    <message>
        <source>No port from {first} to {last} is free on {host}: choose one in Settings.</source>
        <translation>{host} 上从 {first} 到 {last} 没有空闲端口：请在“设置”中选择一个。</translation>
    </message>
    <message>
        <source>The proxy cannot listen on {host}:{port}: {owner} has that port. Stop it, or choose another port.</source>
        <translation>代理无法监听 {host}:{port}，该端口已被占用：{owner}。请停止它，或选择其他端口。</translation>
    </message>
    <message>
        <source>The proxy cannot listen on {host}:{port}: {reason}. Choose another address or port.</source>
        <translation>代理无法监听 {host}:{port}：{reason}。请选择其他地址或端口。</translation>
    </message>
    <message>
        <source>The proxy cannot listen on {host}:{port}: that is neither an address nor a name. Give an address, such as 127.0.0.1 for this machine only.</source>
        <translation>代理无法监听 {host}:{port}：这既不是地址也不是名称。请填写一个地址，例如仅限本机的 127.0.0.1。</translation>
    </message>
    <message>
        <source>There are not enough free ports from {first} up for all workers: set a lower first port in Settings, or fewer workers.</source>
        <translation>从 {first} 起没有足够的空闲端口供所有工作进程使用：请在“设置”中设置更小的起始端口，或减少工作进程。</translation>
    </message>
    <message>
        <source>The window cannot be opened: there is no display (DISPLAY and WAYLAND_DISPLAY are not set).</source>
        <translation>无法打开窗口：没有显示器（未设置 DISPLAY 和 WAYLAND_DISPLAY）。</translation>
    </message>
    <message>
        <source>The window cannot be opened: the display {display} does not answer.</source>
        <translation>无法打开窗口：显示器 {display} 没有响应。</translation>
    </message>
    <message>
        <source>Ollama Panel is just ending: its last requests are still served. Start it again when it has ended.</source>
        <translation>Ollama Panel 正在退出：仍在处理最后的请求。请待其退出后再启动。</translation>
    </message>
    <message>
        <source>Ollama Panel already runs (process {pid}), but its window does not answer; end that process, then try again.</source>
        <translation>Ollama Panel 已在运行（进程 {pid}），但其窗口没有响应；请结束该进程，然后重试。</translation>
    </message>
    <message>
        <source>The window needs libraries that are missing. Type this, then try again: {command}</source>
        <translation>窗口缺少所需的库。请输入以下命令，然后重试：{command}</translation>
    </message>
    <message>
        <source>The window needs libraries that are missing: {names}. Install them with the system&apos;s package manager.</source>
        <translation>窗口缺少所需的库：{names}。请用系统的软件包管理器安装。</translation>
    </message>
    <message>
        <source>The window cannot be opened: Qt cannot be loaded ({reason}).</source>
        <translation>无法打开窗口：无法加载 Qt（{reason}）。</translation>
    </message>
    <message>
        <source>--listen takes HOST:PORT, like 127.0.0.1:11435, not &quot;{given}&quot;.</source>
        <translation>--listen 的值应为 HOST:PORT，例如 127.0.0.1:11435，而不是“{given}”。</translation>
    </message>
    <message>
        <source>What the command found or did cannot be printed ({reason}).</source>
        <translation>无法输出命令的结果（{reason}）。</translation>
    </message>
    <message>
        <source>No panel runs on {path}: start one with ollama-panel, or give its folder with --state-dir.</source>
        <translation>没有面板在使用 {path}：请用 ollama-panel 启动一个，或用 --state-dir 指定其文件夹。</translation>
    </message>
    <message>
        <source>The panel (process {pid}) runs, but its proxy is off: switch it on in the window.</source>
        <translation>面板（进程 {pid}）正在运行，但其代理已关闭：请在窗口中打开。</translation>
    </message>
    <message>
        <source>The panel does not answer at {url} ({reason}): is it still running?</source>
        <translation>面板在 {url} 没有响应（{reason}）：它还在运行吗？</translation>
    </message>
    <message>
        <source>The panel at {url} is not the one of this folder: restart the panel, or name its folder with --state-dir.</source>
        <translation>{url} 上的面板不是此文件夹的面板：请重新启动面板，或用 --state-dir 指定它的文件夹。</translation>
    </message>
    <message>
        <source>The panel at {url} answers {status}: {answer}</source>
        <translation>{url} 的面板应答 {status}：{answer}</translation>
    </message>
    <message>
        <source>The panel at {url} is of another version than this command ({reason}).</source>
        <translation>{url} 的面板与此命令的版本不同（{reason}）。</translation>
    </message>
    <message>
        <source>There is no instance or pool {name}; there are {known}.</source>
        <translation>没有名为 {name} 的实例或池；现有：{known}。</translation>
    </message>
    <message>
        <source>The pool {pool} has no workers: give it some with ollama-panel pools set {pool} --workers 1.</source>
        <translation>池 {pool} 没有工作进程：请用 ollama-panel pools set {pool} --workers 1 添加。</translation>
    </message>
    <message>
        <source>{model} cannot be loaded: {reason}.</source>
        <translation>无法加载 {model}：{reason}。</translation>
    </message>
    <message>
        <source>{model} cannot be unloaded: {reason}.</source>
        <translation>无法卸载 {model}：{reason}。</translation>
    </message>
    <message>
        <source>{model} cannot be pulled: {reason}.</source>
        <translation>无法拉取 {model}：{reason}。</translation>
    </message>
    <message>
        <source>The pull of {model} ended too early; what is there is kept: start it again.</source>
        <translation>{model} 的拉取过早结束；已下载的部分会保留：请重新开始。</translation>
    </message>
    <message>
        <source>A key needs a name of printable characters, on one line.</source>
        <translation>密钥需要名称：由可打印字符组成，写在一行内。</translation>
    </message>
    <message>
        <source>There is a key for &quot;{name}&quot; already: take another name, or remove that one first.</source>
        <translation>“{name}”已有密钥：请换一个名称，或先移除原有密钥。</translation>
    </message>
    <message>
        <source>There is no key for &quot;{name}&quot;; there are: {known}.</source>
        <translation>“{name}”没有密钥；现有：{known}。</translation>
    </message>
    <message>
        <source>There is no key for &quot;{name}&quot;: there is none at all.</source>
        <translation>“{name}”没有密钥：目前没有任何密钥。</translation>
    </message>
    <message>
        <source>There is no home folder to write to: set the variable HOME.</source>
        <translation>没有可写入的主目录：请设置变量 HOME。</translation>
    </message>
    <message>
        <source>No installed program belongs to {python}: install Ollama Panel first, for example with pipx or uv.</source>
        <translation>{python} 没有对应的已安装程序：请先安装 Ollama Panel，例如用 pipx 或 uv。</translation>
    </message>
    <message>
        <source>{path} is in a cache that may be emptied at any time: install Ollama Panel first, with pipx install or uv tool install.</source>
        <translation>{path} 位于随时可能被清空的缓存中：请先用 pipx install 或 uv tool install 安装 Ollama Panel。</translation>
    </message>
    <message>
        <source>{path} is another application: move it away, and try again.</source>
        <translation>{path} 是另一个应用程序：请将它移走后重试。</translation>
    </message>
    <message>
        <source>{key} in the registry cannot be changed ({reason}).</source>
        <translation>无法更改注册表中的 {key}（{reason}）。</translation>
    </message>
    <message>
        <source>{path} cannot be removed ({reason}).</source>
        <translation>无法删除 {path}（{reason}）。</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>a whole number from {low} up</source>
        <translation>不小于 {low} 的整数</translation>
    </message>
    <message>
        <source>a whole number from {low} to {high}</source>
        <translation>介于 {low} 和 {high} 之间的整数</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>a number from {low} up</source>
        <translation>不小于 {low} 的数字</translation>
    </message>
    <message>
        <source>a number from {low} to {high}</source>
        <translation>介于 {low} 和 {high} 之间的数字</translation>
    </message>
    <message>
        <source>a name of lower-case letters, digits, - and _, 32 at most, a letter first</source>
        <translation>由小写字母、数字、- 和 _ 组成的名称（最多 32 个字符，以字母开头）</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>text on one line</source>
        <translation>单行文本</translation>
    </message>
    <message>
        <source>64 hexadecimal digits</source>
        <translation>64 位十六进制数字</translation>
    </message>
    <message>
        <source>a path on one line</source>
        <translation>单行路径</translation>
    </message>
    <message>
        <source>a whole path, such as /srv/models, D:\models or ~/models</source>
        <translation>完整的路径，例如 /srv/models、D:\models 或 ~/models</translation>
    </message>
    <message>
        <source>the path without quotes around it</source>
        <translation>不带引号的路径</translation>
    </message>
    <message>
        <source>a path without variables; ~ and $HOME at its start are the home of the user</source>
        <translation>不含变量的路径；开头的 ~ 和 $HOME 表示用户的主目录</translation>
    </message>
    <message>
        <source>an address such as 127.0.0.1 or ::1, or the name of a host</source>
        <translation>形如 127.0.0.1 或 ::1 的地址，或主机名</translation>
    </message>
    <message>
        <source>the address alone, {host}</source>
        <translation>单独的地址 {host}</translation>
    </message>
    <message>
        <source>0.0.0.0 for all addresses of this machine, or :: for those of IPv6, too</source>
        <translation>地址 0.0.0.0（本机的所有地址）或 ::（还包括 IPv6 地址）</translation>
    </message>
    <message>
        <source>the name of a header that holds no key or cookie, such as X-OpenWebUI-User-Id</source>
        <translation>不含密钥或 Cookie 的请求头名称，例如 X-OpenWebUI-User-Id</translation>
    </message>
    <message>
        <source>one of {choices}</source>
        <translation>以下之一：{choices}</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>开关值 true 或 false</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>names with values, in braces</source>
        <translation>花括号中的名称和值</translation>
    </message>
    <message>
        <source>{expected}, or {words}</source>
        <translation>{expected}，或 {words}</translation>
    </message>
    <message>
        <source>{expected}, or null</source>
        <translation>{expected}，或 null</translation>
    </message>
    <message>
        <source>a number of bytes</source>
        <translation>字节数</translation>
    </message>
    <message>
        <source>a whole number, or one for each device with commas</source>
        <translation>整数，或用逗号分隔、每个设备一个的整数</translation>
    </message>
    <message>
        <source>numbers or identifiers of devices, with commas</source>
        <translation>设备的编号或标识，以逗号分隔</translation>
    </message>
    <message>
        <source>a type such as 10.3.0, which is gfx1030</source>
        <translation>类型，例如 10.3.0（即 gfx1030）</translation>
    </message>
    <message>
        <source>a folder in lib/ollama, such as cuda_v13, rocm or vulkan</source>
        <translation>lib/ollama 中的文件夹，例如 cuda_v13、rocm 或 vulkan</translation>
    </message>
    <message>
        <source>1 or 0</source>
        <translation>数字 1 或 0</translation>
    </message>
    <message>
        <source>1 or 0; Ollama decides if it is not set</source>
        <translation>数字 1 或 0（未设置时由 Ollama 决定）</translation>
    </message>
    <message>
        <source>on or off</source>
        <translation>开关值 on 或 off</translation>
    </message>
    <message>
        <source>a time such as 90s, 5m or 24h</source>
        <translation>时长，例如 90s、5m 或 24h</translation>
    </message>
    <message>
        <source>an address such as 127.0.0.1:11434</source>
        <translation>地址，例如 127.0.0.1:11434</translation>
    </message>
    <message>
        <source>a folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>a group of settings in braces</source>
        <translation>花括号中的一组设置</translation>
    </message>
    <message>
        <source>must be {expected}, not &quot;{given}&quot;</source>
        <translation>应为{expected}，而不是“{given}”</translation>
    </message>
    <message>
        <source>must be a group of settings in braces</source>
        <translation>应为花括号中的一组设置</translation>
    </message>
    <message>
        <source>must be a list of pools in brackets</source>
        <translation>应为方括号中的池列表</translation>
    </message>
    <message>
        <source>must hold at least one pool</source>
        <translation>至少应有一个池</translation>
    </message>
    <message>
        <source>needs a name: {expected}</source>
        <translation>需要名称：{expected}</translation>
    </message>
    <message>
        <source>is the name of two pools</source>
        <translation>是两个池的名称</translation>
    </message>
    <message>
        <source>leaves too few ports below 65536 for all workers</source>
        <translation>使 65536 以下的端口不够所有工作进程使用</translation>
    </message>
    <message>
        <source>must be text in quotes, on one line</source>
        <translation>应为引号中的单行文本</translation>
    </message>
    <message>
        <source>must be a name, a digest of 64 hexadecimal digits, a class or null, and a list of the scopes use, see and control, in braces</source>
        <translation>必须是花括号中的名称、64 位十六进制摘要、类别或 null，以及由 use、see 和 control 组成的权限列表</translation>
    </message>
    <message>
        <source>is not a variable name: letters, digits and underscores, no digit first</source>
        <translation>不是变量名：只能用字母、数字和下划线，且不能以数字开头</translation>
    </message>
    <message>
        <source>is not a setting</source>
        <translation>不是设置项</translation>
    </message>
    <message>
        <source>must hold each origin with its scheme, such as https://chat.example.org or chrome-extension://*, not &quot;{given}&quot;</source>
        <translation>中的每个来源都必须带协议，例如 https://chat.example.org 或 chrome-extension://*，而不能是“{given}”</translation>
    </message>
    <message>
        <source>may have at most one * in an origin, and none in its scheme, not &quot;{given}&quot;</source>
        <translation>的每个来源最多只能有一个 *，且协议中不能有 *，而不能是“{given}”</translation>
    </message>
    <message>
        <source>must hold origins as browsers send them, a scheme, a host and perhaps a port, with no path or blank, not &quot;{given}&quot;</source>
        <translation>中的来源必须与浏览器发送的一致：协议、主机和可选的端口，不含路径或空格，而不能是“{given}”</translation>
    </message>
    <message>
        <source>The value of {name} has the word that is shown in place of a secret: leave it out to keep the secret, or set {key} to a new one.</source>
        <translation>{name} 的值含有代替机密显示的文字：省略它以保留机密，或将 {key} 设为新值。</translation>
    </message>
    <message>
        <source>There is no pool {pool}; there are {known}.</source>
        <translation>没有池 {pool}；现有 {known}。</translation>
    </message>
    <message>
        <source>There is a pool {pool} already: change that, or choose another name.</source>
        <translation>已有池 {pool}：请更改它，或选择其他名称。</translation>
    </message>
    <message>
        <source>set the number of workers of a pool in the panel, which starts one server for each</source>
        <translation>请在面板中设置池的工作进程数，面板会为每个工作进程启动一个服务器</translation>
    </message>
    <message>
        <source>set {name}</source>
        <translation>请设置 {name}</translation>
    </message>
    <message>
        <source>set the request&apos;s option {option}</source>
        <translation>请在请求中设置选项 {option}</translation>
    </message>
    <message>
        <source>set LLAMA_ARG_THREADS (Ollama 0.30 and later) or the request&apos;s option num_thread</source>
        <translation>请设置 LLAMA_ARG_THREADS（Ollama 0.30 及更高版本）或请求的选项 num_thread</translation>
    </message>
    <message>
        <source>set OLLAMA_HOST for the address of the server</source>
        <translation>请用 OLLAMA_HOST 设置服务器的地址</translation>
    </message>
    <message>
        <source>name the model in the request</source>
        <translation>请在请求中指定模型</translation>
    </message>
    <message>
        <source>only Ollama {version} and later reads it</source>
        <translation>只有 Ollama {version} 及更高版本会读取它</translation>
    </message>
    <message>
        <source>its own choice</source>
        <translation>它自己的选择</translation>
    </message>
    <message>
        <source>A change restarts the workers of the pool; the server reads it as it starts.</source>
        <translation>更改会重启该池的工作进程；服务器启动时读取它。</translation>
    </message>
    <message>
        <source>The free slot of {model} is kept for chats: batch work waits.</source>
        <translation>{model} 的空闲槽位留给对话：批处理需等待。</translation>
    </message>
    <message>
        <source>{taken} More urgent requests go first: {number:count}.</source>
        <translation>{taken}更紧急的请求先行：{number:count} 个。</translation>
    </message>
    <message>
        <source>{client} already runs as many requests as it may at once: {limit:count}.</source>
        <translation>{client} 同时运行的请求已达到上限：{limit:count}。</translation>
    </message>
    <message>
        <source>Waited {seconds:seconds} behind {number:count} of {client}.</source>
        <translation>等待 {seconds:seconds}：前面有 {client} 的 {number:count} 个请求。</translation>
    </message>
    <message>
        <source>Waited {seconds:seconds} behind {number:count} of {client} and {others:count} of others.</source>
        <translation>等待 {seconds:seconds}：前面有 {client} 的 {number:count} 个请求和其他客户端的 {others:count} 个请求。</translation>
    </message>
    <message>
        <source>Waited {seconds:seconds} for a free slot.</source>
        <translation>等待空闲槽位 {seconds:seconds}。</translation>
    </message>
    <message>
        <source>Waited {seconds:seconds} while the queue was paused.</source>
        <translation>队列暂停期间等待了 {seconds:seconds}。</translation>
    </message>
    <message>
        <source>Waited {seconds:seconds} while no instance answered.</source>
        <translation>没有实例应答期间等待了 {seconds:seconds}。</translation>
    </message>
    <message>
        <source>Waited {seconds:seconds} while {model} was being loaded.</source>
        <translation>加载 {model} 期间等待了 {seconds:seconds}。</translation>
    </message>
    <message>
        <source>Waited {seconds:seconds} because {client} runs {limit:count} at once at most.</source>
        <translation>等待 {seconds:seconds}：{client} 最多同时运行 {limit:count} 个请求。</translation>
    </message>
    <message>
        <source>Lost {seconds:seconds} in attempts that came to nothing: {cause}</source>
        <translation>在未成功的尝试中损失了 {seconds:seconds}：{cause}</translation>
    </message>
    <message>
        <source>The model was cold: loading {model} took {seconds:seconds}.</source>
        <translation>模型不在内存中：加载 {model} 用了 {seconds:seconds}。</translation>
    </message>
    <message>
        <source>The model was cold: loading {model} and reading the prompt took {seconds:seconds}.</source>
        <translation>模型不在内存中：加载 {model} 并读取提示词用了 {seconds:seconds}。</translation>
    </message>
    <message>
        <source>Prompt of {tokens:count} tokens: reading it took {seconds:seconds}.</source>
        <translation>提示词有 {tokens:count} 个词元：读取用了 {seconds:seconds}。</translation>
    </message>
    <message>
        <source>Reading the prompt took {seconds:seconds}.</source>
        <translation>读取提示词用了 {seconds:seconds}。</translation>
    </message>
    <message>
        <source>Answer of {tokens:count} tokens: {seconds:seconds}, {rate:number} tokens/s.</source>
        <translation>回答有 {tokens:count} 个词元：{seconds:seconds}，{rate:number} 词元/秒。</translation>
    </message>
    <message>
        <source>The answer took {seconds:seconds}.</source>
        <translation>回答用了 {seconds:seconds}。</translation>
    </message>
    <message>
        <source>{seconds:seconds} passed in the panel and on the ways to its client and to Ollama.</source>
        <translation>在面板以及与客户端和 Ollama 的往返中用去 {seconds:seconds}。</translation>
    </message>
    <message>
        <source>Prompt of {tokens:count} tokens, cut to {kept:count}: its beginning is lost.</source>
        <translation>提示词有 {tokens:count} 个词元，被截断到 {kept:count} 个：开头部分已丢失。</translation>
    </message>
    <message>
        <source>Prompt cut to {kept:count} tokens: its beginning is lost.</source>
        <translation>提示词被截断到 {kept:count} 个词元：开头部分已丢失。</translation>
    </message>
    <message>
        <source>The prompt was cut: its beginning is lost.</source>
        <translation>提示词被截断：开头部分已丢失。</translation>
    </message>
    <message>
        <source>{model}: the batch size of pool {pool} ({tokens:count} tokens) is left out, because {clients} cannot ask for one and each change would reload the model. It returns ten minutes after their last request.</source>
        <translation>{model}：池 {pool} 的批大小（{tokens:count} 个词元）暂不使用，因为 {clients} 无法指定批大小，而每次改变都会重新加载模型。在它们最后一次请求十分钟后恢复。</translation>
    </message>
    <message>
        <source>Without a restart, the next request loads its model anew: {settings:setting}.</source>
        <translation>无需重启，下一个请求会重新加载其模型：{settings:setting}。</translation>
    </message>
    <message>
        <source>{setting:setting} on</source>
        <translation>{setting:setting}：开</translation>
    </message>
    <message>
        <source>{setting:setting} off</source>
        <translation>{setting:setting}：关</translation>
    </message>
    <message>
        <source>{setting:setting} changed</source>
        <translation>{setting:setting}已更改</translation>
    </message>
    <message>
        <source>{name}: {setting:setting} {before:count} → {after:count}</source>
        <translation>{name}：{setting:setting} {before:count} → {after:count}</translation>
    </message>
    <message>
        <source>{pool}: {change}</source>
        <translation>{pool}：{change}</translation>
    </message>
    <message>
        <source>pool {pool} added</source>
        <translation>已添加池 {pool}</translation>
    </message>
    <message>
        <source>pool {pool} removed</source>
        <translation>已移除池 {pool}</translation>
    </message>
    <message>
        <source>must be a name on one line, of 1 to {most:count} characters</source>
        <translation>必须是一行内的名称，长度为 1 到 {most:count} 个字符</translation>
    </message>
    <message>
        <source>A change restarts the workers of the pool; it takes effect with the next model that is loaded.</source>
        <translation>更改会重启该池的工作进程；从下一个加载的模型起生效。</translation>
    </message>
    <message>
        <source>A change restarts the workers of the pool; it takes effect with the next request.</source>
        <translation>更改会重启该池的工作进程；从下一个请求起生效。</translation>
    </message>
    <message>
        <source>A change restarts nothing: only Ollama&apos;s commands and its app read it.</source>
        <translation>更改不会重启任何进程：只有 Ollama 的命令和应用读取它。</translation>
    </message>
    <message>
        <source>There is no preset &quot;{name}&quot;, only {known}.</source>
        <translation>没有预设“{name}”，只有 {known}。</translation>
    </message>
    <message>
        <source>The preset {name} needs a value for {variable}: name it.</source>
        <translation>预设 {name} 需要 {variable} 的值：请给出。</translation>
    </message>
    <message>
        <source>The preset {name} takes no value: leave it out.</source>
        <translation>预设 {name} 不接受值：请去掉。</translation>
    </message>
    <message>
        <source>&quot;{given}&quot; is no version of Ollama: write it as 0.24.0.</source>
        <translation>“{given}”不是 Ollama 的版本：请写成 0.24.0 的形式。</translation>
    </message>
    <message>
        <source>{name} has no effect yet: {version} is the first version of Ollama that reads it.</source>
        <translation>{name} 目前不起作用：{version} 是第一个会读取它的 Ollama 版本。</translation>
    </message>
    <message>
        <source>{name} must be the numbers or identifiers of devices, such as 0,1, not &quot;{given}&quot;; the driver would leave out that and all after it.</source>
        <translation>{name} 必须是设备的编号或标识，例如 0,1，而不是“{given}”；驱动程序会忽略它及其后的所有设备。</translation>
    </message>
    <message>
        <source>{name} must be a type such as 10.3.0, which is gfx1030, not &quot;{given}&quot;.</source>
        <translation>{name} 必须是类型，例如 10.3.0（即 gfx1030），而不是“{given}”。</translation>
    </message>
    <message>
        <source>{name} must be {meant}, not &quot;{given}&quot;: the driver reads only the form x.y.z.</source>
        <translation>{name} 必须是 {meant}，而不是“{given}”：驱动程序只识别 x.y.z 的形式。</translation>
    </message>
    <message>
        <source>{name} does not work with {flash}=0: no model would be loaded; remove {flash} or set it to 1.</source>
        <translation>{name} 不能与 {flash}=0 同用：任何模型都无法加载；请删除 {flash} 或将其设为 1。</translation>
    </message>
    <message>
        <source>{name} has no effect with {flash}=0: set {flash} to 1.</source>
        <translation>{flash}=0 时 {name} 不起作用：请将 {flash} 设为 1。</translation>
    </message>
    <message>
        <source>{name} has no effect on most models without {flash}=1, which Ollama before 0.30 needs: set {flash}, too.</source>
        <translation>没有 {flash}=1 时 {name} 对多数模型不起作用，0.30 之前的 Ollama 需要它：请同时设置 {flash}。</translation>
    </message>
    <message>
        <source>{name} must be a whole path: Ollama would make a folder of the very name &quot;{given}&quot;, so the workers do not get it.</source>
        <translation>{name} 必须是完整的路径：Ollama 会建立一个名称就是“{given}”的文件夹，因此工作进程不会得到它。</translation>
    </message>
    <message>
        <source>{name} must be a whole path, such as /srv/models or D:\models, not &quot;{given}&quot;, which depends on where the server was started: the workers do not get it.</source>
        <translation>{name} 必须是完整的路径，例如 /srv/models 或 D:\models，而不是“{given}”，后者取决于服务器在何处启动：工作进程不会得到它。</translation>
    </message>
    <message>
        <source>measured on {day}: {rate:number} tokens/s ± {half:number} ({where}; profile {name})</source>
        <translation>{day} 测得：{rate:number} ± {half:number} 词元/秒（{where}；配置方案 {name}）</translation>
    </message>
    <message>
        <source>measured on {day}: {rate:number} tokens/s ({where}; profile {name})</source>
        <translation>{day} 测得：{rate:number} 词元/秒（{where}；配置方案 {name}）</translation>
    </message>
    <message>
        <source>driver {version}</source>
        <translation>驱动 {version}</translation>
    </message>
    <message>
        <source>Hash of the settings: {hash}</source>
        <translation>设置的哈希值：{hash}</translation>
    </message>
    <message>
        <source>There is no {unit} on this machine: install Ollama with its own installer first.</source>
        <translation>本机上没有 {unit}：请先用 Ollama 自己的安装程序安装。</translation>
    </message>
    <message>
        <source>launchd</source>
        <translation>launchd</translation>
    </message>
    <message>
        <source>The embeddings of all inputs take more than {limit:bytes}, as much as the panel keeps. Send fewer inputs at once.</source>
        <translation>所有输入的嵌入合计超过 {limit:bytes}，面板最多只保存这么多。请一次少发送一些输入。</translation>
    </message>
    <message>
        <source>Make room on that disk.</source>
        <translation>请在该磁盘上腾出空间。</translation>
    </message>
    <message>
        <source>a time such as 30m or 90s, 0, -1 for ever, or nothing</source>
        <translation>一个时长，例如 30m 或 90s；0；-1 表示永远；或留空</translation>
    </message>
    <message>
        <source>{wrong}; what is in force stays.</source>
        <translation>{wrong}；沿用当前生效的值。</translation>
    </message>
    <message>
        <source>Pinned models, which the panel loads at each start and nobody does without it: {models}</source>
        <translation>已固定的模型，由面板在每次启动时加载，没有面板则无人加载：{models}</translation>
    </message>
    <message>
        <source>on {host}</source>
        <translation>在 {host} 上</translation>
    </message>
    <message>
        <source>the connection was closed</source>
        <translation>连接已关闭</translation>
    </message>
    <message>
        <source>on this machine</source>
        <translation>在这台机器上</translation>
    </message>
    <message>
        <source>All of it is in force already: nothing is to be done.</source>
        <translation>全部已经生效：无需做任何事。</translation>
    </message>
    <message>
        <source>Restarting {units} would break off answers that are being written, so it is waited until no client is at work.</source>
        <translation>重启 {units} 会中断正在书写的回答，所以会等到没有客户端在工作。</translation>
    </message>
    <message>
        <source>Reloading {units} breaks no answer off.</source>
        <translation>重新加载 {units} 不会中断任何回答。</translation>
    </message>
    <message>
        <source>What is there now is kept beside, as {paths}.</source>
        <translation>现有的内容保留在旁边：{paths}。</translation>
    </message>
    <message>
        <source>What needs an administrator is done by `sudo`, which asks for no password here.</source>
        <translation>需要管理员的步骤由 `sudo` 完成，它在这里不要求密码。</translation>
    </message>
    <message>
        <source>What needs an administrator is yours to type: `sudo` wants a password here, and the panel never asks for one behind your back.</source>
        <translation>需要管理员的步骤请您自己输入：`sudo` 在这里要求密码，而面板绝不会在背后索要密码。</translation>
    </message>
    <message>
        <source>If a server does not come back, or runs with other values, all is put back as it was; `ollama-panel export TARGET --undo` does that later.</source>
        <translation>如果服务器没有恢复，或以其他值运行，一切都会恢复原样；之后可用 `ollama-panel export TARGET --undo` 恢复。</translation>
    </message>
    <message>
        <source>Keep what is there: {paths}.</source>
        <translation>保留现有内容：{paths}。</translation>
    </message>
    <message>
        <source>Write {paths}.</source>
        <translation>写入 {paths}。</translation>
    </message>
    <message>
        <source>Put back what was there before: {paths}.</source>
        <translation>恢复之前的内容：{paths}。</translation>
    </message>
    <message>
        <source>Let the program that reads the file check it.</source>
        <translation>让读取该文件的程序检查它。</translation>
    </message>
    <message>
        <source>Let the file be read.</source>
        <translation>让文件被读取。</translation>
    </message>
    <message>
        <source>Wait until no client is at work.</source>
        <translation>等到没有客户端在工作。</translation>
    </message>
    <message>
        <source>Restart {units}.</source>
        <translation>重启 {units}。</translation>
    </message>
    <message>
        <source>End what was not there before: {units}.</source>
        <translation>结束之前不存在的：{units}。</translation>
    </message>
    <message>
        <source>Read from the servers which values are in force.</source>
        <translation>从服务器读取哪些值已生效。</translation>
    </message>
    <message>
        <source>Wait until the servers answer as before.</source>
        <translation>等到服务器像以前一样应答。</translation>
    </message>
    <message>
        <source>Nothing was done yet {place}: {target} differs from what is there.</source>
        <translation>尚未{place}做任何事：{target} 与现有内容不同。</translation>
    </message>
    <message>
        <source>Nothing was done yet {place}: the files of {target} are there as they are to be.</source>
        <translation>尚未{place}做任何事：{target} 的文件已是应有的样子。</translation>
    </message>
    <message>
        <source>{target} is being put into force {place}.</source>
        <translation>正在{place}使 {target} 生效。</translation>
    </message>
    <message>
        <source>What was there before {target} is being put back {place}.</source>
        <translation>正在{place}恢复 {target} 之前的内容。</translation>
    </message>
    <message>
        <source>{target} is written {place}; it waits until no client is at work ({count:count} are now).</source>
        <translation>{target} 已{place}写入；正等到没有客户端在工作（现在有 {count:count} 个）。</translation>
    </message>
    <message>
        <source>{target} is in force {place}: {proven:count} values are proven.</source>
        <translation>{target} 已{place}生效：{proven:count} 个值得到证明。</translation>
    </message>
    <message>
        <source>All is as before {place}: {target} is not in force any more.</source>
        <translation>一切已{place}恢复原样：{target} 不再生效。</translation>
    </message>
    <message>
        <source>{worker}: {name} is {wanted}, as {source} says.</source>
        <translation>{worker}：{name} 是 {wanted}，依据{source}。</translation>
    </message>
    <message>
        <source>{worker}: nothing tells whether {name} is {wanted}.</source>
        <translation>{worker}：无从得知 {name} 是否为 {wanted}。</translation>
    </message>
    <message>
        <source>the server&apos;s log</source>
        <translation>服务器的日志</translation>
    </message>
    <message>
        <source>its process</source>
        <translation>它的进程</translation>
    </message>
    <message>
        <source>its command line</source>
        <translation>它的命令行</translation>
    </message>
    <message>
        <source>its unit</source>
        <translation>它的单元</translation>
    </message>
    <message>
        <source>its answer</source>
        <translation>它的应答</translation>
    </message>
    <message>
        <source>{target} waits {place} for the commands that need an administrator.</source>
        <translation>{target} 正{place}等待需要管理员的命令。</translation>
    </message>
    <message>
        <source>{target} is in force {place}, as far as it is told; of {count:count} values nothing tells.</source>
        <translation>就已知而言，{target} 已{place}生效；有 {count:count} 个值无从得知。</translation>
    </message>
    <message>
        <source>{target} is not in force {place}: {count:count} values are others, {files:count} files differ.</source>
        <translation>{target} 没有{place}生效：{count:count} 个值不同，{files:count} 个文件不同。</translation>
    </message>
    <message>
        <source>{worker}: {name} is {found} instead of {wanted}, as {source} says.</source>
        <translation>{worker}：{name} 是 {found}，而不是 {wanted}，依据{source}。</translation>
    </message>
    <message>
        <source>{worker}: {name} is not set instead of {wanted}, as {source} says.</source>
        <translation>{worker}：{name} 没有设置，本应是 {wanted}，依据{source}。</translation>
    </message>
    <message>
        <source>Putting {target} into force {place} was interrupted: `ollama-panel export {target} --apply` goes on with it, `--undo` goes back.</source>
        <translation>{place}使 {target} 生效的过程被中断：`ollama-panel export {target} --apply` 继续，`--undo` 退回。</translation>
    </message>
    <message>
        <source>Putting back what {target} has changed {place} was interrupted: `ollama-panel export {target} --undo` goes on with it.</source>
        <translation>{place}恢复 {target} 所作更改的过程被中断：`ollama-panel export {target} --undo` 继续。</translation>
    </message>
    <message>
        <source>{target} did not work {place}, and all is as before: {why}</source>
        <translation>{target} {place}没有成功，一切已恢复原样：{why}</translation>
    </message>
    <message>
        <source>The panel cannot put this target into force: save it, and follow its steps.</source>
        <translation>面板无法使这个目标生效：请保存它，并按其步骤操作。</translation>
    </message>
    <message>
        <source>The panel does not run scripts of `docker run`, because nothing tells what they replace: the target `compose` can be put into force and undone; or type `sh` and the name of the saved file.</source>
        <translation>面板不运行 `docker run` 的脚本，因为无从得知它们替换了什么：目标 `compose` 可以生效和撤销；或者输入 `sh` 和所保存文件的名称。</translation>
    </message>
    <message>
        <source>A script runs as long as its terminal: there is nothing to install. Type its name, or use the target `systemd-units`, which can be put into force and undone.</source>
        <translation>脚本与其终端共存亡：没有可安装的东西。请输入它的名称，或使用可以生效和撤销的目标 `systemd-units`。</translation>
    </message>
    <message>
        <source>The panel puts nothing into force on Windows over this way: run the saved script there, by `powershell -ExecutionPolicy Bypass -File` and its name.</source>
        <translation>面板不以这种方式在 Windows 上使任何东西生效：请在那里用 `powershell -ExecutionPolicy Bypass -File` 加名称运行所保存的脚本。</translation>
    </message>
    <message>
        <source>Ollama&apos;s app has to be quit and opened by its user: save the agent, and follow the steps of this target.</source>
        <translation>Ollama 应用必须由其用户退出并打开：请保存代理，并按这个目标的步骤操作。</translation>
    </message>
    <message>
        <source>A file of variables does nothing by itself: name it in `EnvironmentFile=` of your unit or in `env_file:` of your compose file. The target `systemd` can be put into force and undone.</source>
        <translation>变量文件本身什么也不做：请在您的单元的 `EnvironmentFile=` 或 compose 文件的 `env_file:` 中写上它。目标 `systemd` 可以生效和撤销。</translation>
    </message>
    <message>
        <source>A cluster has its own way to apply and undo: `kubectl apply -k` with the saved folder.</source>
        <translation>集群有自己的应用和撤销方式：对所保存的文件夹用 `kubectl apply -k`。</translation>
    </message>
    <message>
        <source>Helm has its own way to apply and undo: `helm upgrade --install` with the saved values.</source>
        <translation>Helm 有自己的应用和撤销方式：用所保存的值执行 `helm upgrade --install`。</translation>
    </message>
    <message>
        <source>NixOS has its own way to apply and undo: import the saved module, then `sudo nixos-rebuild switch`.</source>
        <translation>NixOS 有自己的应用和撤销方式：导入所保存的模块，然后 `sudo nixos-rebuild switch`。</translation>
    </message>
    <message>
        <source>Ansible applies it itself: `ansible-playbook` with your inventory and the saved playbook.</source>
        <translation>Ansible 自己应用它：用您的清单和所保存的 playbook 执行 `ansible-playbook`。</translation>
    </message>
    <message>
        <source>A model is made by Ollama itself, under a name of its own: `ollama create NAME -f` and the file.</source>
        <translation>模型由 Ollama 自己以自己的名称创建：`ollama create NAME -f` 加文件。</translation>
    </message>
    <message>
        <source>The document is for programs: nothing on a machine reads it by itself.</source>
        <translation>这份文档供程序使用：机器上没有什么会自动读取它。</translation>
    </message>
    <message>
        <source>{path} is a link that leads nowhere: remove it, or make what it leads to.</source>
        <translation>{path} 是一个无效的符号链接：请删除它，或创建它指向的文件。</translation>
    </message>
    <message>
        <source>{path} is no file: move it out of the way.</source>
        <translation>{path} 不是文件：请把它移开。</translation>
    </message>
    <message>
        <source>{path} cannot be read by this user, nor by `sudo` without a password.</source>
        <translation>{path} 不能由此用户读取，也不能由不要密码的 `sudo` 读取。</translation>
    </message>
    <message>
        <source>There is no unit {unit} on that machine: install Ollama there as a service, or use the target `systemd-units`.</source>
        <translation>那台机器上没有单元 {unit}：请在那里把 Ollama 安装为服务，或使用目标 `systemd-units`。</translation>
    </message>
    <message>
        <source>There is no {program} on that machine: install it there first.</source>
        <translation>那台机器上没有 {program}：请先在那里安装。</translation>
    </message>
    <message>
        <source>systemd does not answer on that machine: it does not run there, or this user&apos;s own does not, which takes a login or `loginctl enable-linger`.</source>
        <translation>那台机器上的 systemd 没有响应：它没有在运行，或该用户自己的 systemd 没有运行；后者需要登录或执行 `loginctl enable-linger`。</translation>
    </message>
    <message>
        <source>{program} does not run on that machine: start it there first.</source>
        <translation>那台机器上的 {program} 没有运行：请先启动它。</translation>
    </message>
    <message>
        <source>Putting {target} into force {place} with other files was interrupted: go on with the same, or back by `--undo`, first.</source>
        <translation>此前{place}使 {target} 生效的操作包含其他文件，且中途被中断：请先以相同选项继续，或用 `--undo` 恢复。</translation>
    </message>
    <message>
        <source>Nobody is logged in on that Mac, so that no agent of a user runs there: log in first.</source>
        <translation>那台 Mac 上没有人登录，因此没有用户的代理在运行：请先登录。</translation>
    </message>
    <message>
        <source>Homebrew has no Ollama on that machine: `brew install ollama` first.</source>
        <translation>那台机器上 Homebrew 没有 Ollama：请先 `brew install ollama`。</translation>
    </message>
    <message>
        <source>Docker does not answer there, or has no Compose: start it, install its plugin `docker compose`, or put the user into the group `docker`.</source>
        <translation>那里的 Docker 没有应答，或没有 Compose：请启动它，安装其插件 `docker compose`，或把用户加入 `docker` 组。</translation>
    </message>
    <message>
        <source>That machine runs {system}: this target needs {wanted}.</source>
        <translation>那台机器运行 {system}：这个目标需要 {wanted}。</translation>
    </message>
    <message>
        <source>{host} is no destination for ssh: write it as user@machine, or as ssh&apos;s configuration names it.</source>
        <translation>{host} 不是 ssh 的目的地：请写成 user@machine，或 ssh 配置中的名称。</translation>
    </message>
    <message>
        <source>There is no program `ssh` on this machine: install OpenSSH&apos;s client.</source>
        <translation>这台机器上没有程序 `ssh`：请安装 OpenSSH 的客户端。</translation>
    </message>
    <message>
        <source>{host} cannot be reached by ssh: {reason}.</source>
        <translation>无法用 ssh 到达 {host}：{reason}。</translation>
    </message>
    <message>
        <source>it has not answered within {limit:seconds}</source>
        <translation>它在 {limit:seconds} 内没有应答</translation>
    </message>
    <message>
        <source>{reason}; a key with a passphrase has to be in the agent before (ssh-add)</source>
        <translation>{reason}；带密码的密钥须先加入 ssh 代理（ssh-add）</translation>
    </message>
    <message>
        <source>{host} does not answer as a machine with a shell does: {reason}.</source>
        <translation>{host} 的应答不像一台有 shell 的机器：{reason}。</translation>
    </message>
    <message>
        <source>Another export is being put into force from this state folder: wait until it is done.</source>
        <translation>正从这个状态文件夹使另一个导出生效：请等它完成。</translation>
    </message>
    <message>
        <source>What is there has changed since it was shown: look at the difference again.</source>
        <translation>那里的内容在显示之后变了：请再看一次差异。</translation>
    </message>
    <message>
        <source>`sudo` wants a password: type the commands yourself, then go on.</source>
        <translation>`sudo` 要求密码：请自己输入这些命令，然后继续。</translation>
    </message>
    <message>
        <source>`{command}` failed: {reason}.</source>
        <translation>`{command}` 失败：{reason}。</translation>
    </message>
    <message>
        <source>`{command}` took longer than {limit:seconds}.</source>
        <translation>`{command}` 用时超过 {limit:seconds}。</translation>
    </message>
    <message>
        <source>{unit} does not answer within {limit:seconds} after its restart.</source>
        <translation>{unit} 重启后 {limit:seconds} 内没有应答。</translation>
    </message>
    <message>
        <source>{unit} ended right after its restart: {reason}.</source>
        <translation>{unit} 重启后立即结束：{reason}。</translation>
    </message>
    <message>
        <source>What was there before is gone, as somebody has removed {paths}: the files stay as they are. Write them yourself.</source>
        <translation>之前的内容已不存在，因为有人删除了 {paths}：文件保持现状。请您自己写回。</translation>
    </message>
    <message>
        <source>It was broken off before anything restarted.</source>
        <translation>在任何重启之前就中断了。</translation>
    </message>
    <message>
        <source>There is nothing to undo {place}.</source>
        <translation>{place}没有可撤销的。</translation>
    </message>
    <message>
        <source>{why} Putting back what was there failed, too: {then}</source>
        <translation>{why} 恢复之前的内容也失败了：{then}</translation>
    </message>
    <message>
        <source>One container per worker, with its health check; they start again with Docker.</source>
        <translation>每个工作进程一个容器，带健康检查；随 Docker 一起重新启动。</translation>
    </message>
    <message>
        <source>a Compose file</source>
        <translation>Compose 文件</translation>
    </message>
    <message>
        <source>Save it as {path}, and start all workers; the command returns when they are healthy.</source>
        <translation>保存为 {path}，然后启动所有工作进程；它们全部健康后命令才返回。</translation>
    </message>
    <message>
        <source>replace NAME: a container of an earlier run goes; the models stay</source>
        <translation>replace 名称：移除上次运行的容器；模型保留</translation>
    </message>
    <message>
        <source>Save it as {file}, and run it; run it again after each change.</source>
        <translation>保存为 {file} 并运行；每次更改后再运行一次。</translation>
    </message>
    <message>
        <source>To end all workers later, remove their containers; the models stay.</source>
        <translation>以后要结束所有工作进程时，移除它们的容器；模型保留。</translation>
    </message>
    <message>
        <source>Worker {worker}: {url}</source>
        <translation>工作进程 {worker}：{url}</translation>
    </message>
    <message>
        <source>Docker publishes these ports on this machine alone, where the panel or another proxy can stand in front.</source>
        <translation>Docker 只在本机开放这些端口，面板或其他代理可以置于其前。</translation>
    </message>
    <message>
        <source>Install the NVIDIA Container Toolkit once, and let Docker use it.</source>
        <translation>安装一次 NVIDIA Container Toolkit，并让 Docker 使用它。</translation>
    </message>
    <message>
        <source>The volume {volume} is empty at first: pull the models into it.</source>
        <translation>卷 {volume} 起初是空的：请把模型拉取到其中。</translation>
    </message>
    <message>
        <source>Read the settings in force from the log of the first worker.</source>
        <translation>从第一个工作进程的日志中读取实际生效的设置。</translation>
    </message>
    <message>
        <source>a file for Kubernetes</source>
        <translation>Kubernetes 文件</translation>
    </message>
    <message>
        <source>Each worker takes a whole card ({resource}): see that the vendor&apos;s device plugin offers {cards}.</source>
        <translation>每个工作进程占用一整块显卡（{resource}）：请确认厂商的设备插件提供 {cards} 块。</translation>
    </message>
    <message>
        <source>Kubernetes folder</source>
        <translation>Kubernetes 文件夹</translation>
    </message>
    <message>
        <source>For more than one machine: a StatefulSet per pool, and HAProxy with a queue before the workers.</source>
        <translation>用于多台机器：每个池一个 StatefulSet，工作进程前有带队列的 HAProxy。</translation>
    </message>
    <message>
        <source>Pool {pool}: each worker has its own volume of {size} for its models; change that to what they need.</source>
        <translation>池 {pool}：每个工作进程都有自己的 {size} 卷存放模型；请改成实际需要的大小。</translation>
    </message>
    <message>
        <source>One HAProxy alone: each would have a queue of its own for the same workers.</source>
        <translation>只用一个 HAProxy：若有多个，每个都会为相同的工作进程各排各的队。</translation>
    </message>
    <message>
        <source>Save the files in the folder {folder}, and apply it.</source>
        <translation>把这些文件保存到文件夹 {folder}，然后应用它。</translation>
    </message>
    <message>
        <source>Wait until all workers are ready: a worker pulls the models of its pool before.</source>
        <translation>等待所有工作进程就绪：工作进程会先拉取其池的模型。</translation>
    </message>
    <message>
        <source>No models are named for these workers in the settings: pull them into the volume of each, or name them.</source>
        <translation>设置中没有为这些工作进程指定模型：请分别拉取到每个卷中，或在设置中指定模型。</translation>
    </message>
    <message>
        <source>Clients in the cluster use {url}; for a client on this machine, open a way to it. The list of models there is that of {worker}, and a pull fills its volume alone.</source>
        <translation>集群内的客户端使用 {url}；本机的客户端需要先打开通往它的通道。那里的模型列表是 {worker} 的，拉取也只会填充它的卷。</translation>
    </message>
    <message>
        <source>Helm values</source>
        <translation>Helm 参数</translation>
    </message>
    <message>
        <source>Values of the chart otwld/ollama: a file for each pool, a release for each worker.</source>
        <translation>chart otwld/ollama 的参数：每个池一个文件，每个工作进程一个发布。</translation>
    </message>
    <message>
        <source>Values of the chart {chart}, version {version}.</source>
        <translation>chart {chart} {version} 版的参数。</translation>
    </message>
    <message>
        <source>Pool {pool}: a release per worker has a volume of {size} of its own; change that to what the models need.</source>
        <translation>池 {pool}：每个工作进程的发布都有自己的 {size} 卷；请改成模型需要的大小。</translation>
    </message>
    <message>
        <source>Add the repository of the chart.</source>
        <translation>添加 chart 的仓库。</translation>
    </message>
    <message>
        <source>Save the files, and install each worker; a command returns when its worker is ready.</source>
        <translation>保存这些文件并安装每个工作进程；工作进程就绪后命令才返回。</translation>
    </message>
    <message>
        <source>The workers are {urls}; what stands before them, such as HAProxy, sends clients there.</source>
        <translation>工作进程的地址是 {urls}；置于其前的代理（例如 HAProxy）把客户端转到那里。</translation>
    </message>
    <message>
        <source>No device plugin gives a container any card for Vulkan: choose the accelerator nvidia, rocm or cpu.</source>
        <translation>没有设备插件能为容器提供任意显卡的 Vulkan：请选择加速方式 nvidia、rocm 或 cpu。</translation>
    </message>
    <message>
        <source>No container reaches the GPU of a Mac: export launchd, or choose another accelerator than metal.</source>
        <translation>容器无法使用 Mac 的 GPU：请导出 launchd，或选择 metal 以外的加速方式。</translation>
    </message>
    <message>
        <source>A launch agent of macOS for every worker: started at login, and again when it ends.</source>
        <translation>每个工作进程一个 macOS 启动代理：登录时启动，退出后重新启动。</translation>
    </message>
    <message>
        <source>Worker {worker}. launchd starts it at login, and again when it ends.</source>
        <translation>工作进程 {worker}。launchd 在登录时启动它，退出后重新启动。</translation>
    </message>
    <message>
        <source>Copy into {folder}.</source>
        <translation>复制到 {folder}。</translation>
    </message>
    <message>
        <source>Were these agents there before: take the old ones away. Where none was, launchctl says that it found none.</source>
        <translation>如果之前已有这些代理：先移除旧的。没有的话，launchctl 会提示找不到。</translation>
    </message>
    <message>
        <source>Load the agents: from now on they start at each login.</source>
        <translation>加载这些代理：此后每次登录都会启动。</translation>
    </message>
    <message>
        <source>See that each worker answers; what it prints is in {folder}.</source>
        <translation>确认每个工作进程都有回应；它们的输出在 {folder} 中。</translation>
    </message>
    <message>
        <source>If Ollama&apos;s app runs too, it is one server more, with a model in memory of its own: quit it, or take {target} instead of the agent of {worker}.</source>
        <translation>如果 Ollama 应用也在运行，它就是多出来的一个服务器，会另外在内存中加载模型：请退出它，或者用 {target} 代替 {worker} 的代理。</translation>
    </message>
    <message>
        <source>Ollama&apos;s app on a Mac</source>
        <translation>Mac 上的 Ollama 应用</translation>
    </message>
    <message>
        <source>The settings of {worker} for Ollama&apos;s app, at each login. The app keeps its address: 127.0.0.1:11434 unless set elsewhere.</source>
        <translation>每次登录时把 {worker} 的设置交给 Ollama 应用。应用保持原来的地址：除非另有设置，否则是 127.0.0.1:11434。</translation>
    </message>
    <message>
        <source>Load the agent. If the app runs with other settings, it is started again: requests that it works on are lost.</source>
        <translation>加载代理。如果应用正以其他设置运行，它会重新启动：正在处理的请求会丢失。</translation>
    </message>
    <message>
        <source>See that launchd has the settings.</source>
        <translation>确认 launchd 已有这些设置。</translation>
    </message>
    <message>
        <source>The other workers have agents of their own: see {target}, and leave {file} out.</source>
        <translation>其他工作进程有各自的代理：参见 {target}，但不要用 {file}。</translation>
    </message>
    <message>
        <source>a property list</source>
        <translation>属性列表（plist）</translation>
    </message>
    <message>
        <source>Homebrew service</source>
        <translation>Homebrew 服务</translation>
    </message>
    <message>
        <source>The file from which brew services takes the variables of the first worker, also after an upgrade.</source>
        <translation>brew services 从这个文件读取第一个工作进程的变量，升级后也一样。</translation>
    </message>
    <message>
        <source>Worker {worker}. OLLAMA_HOST is left to the service, which listens on 127.0.0.1:11434 unless it is set.</source>
        <translation>工作进程 {worker}。OLLAMA_HOST 由服务自己决定，未设置时监听 127.0.0.1:11434。</translation>
    </message>
    <message>
        <source>Homebrew&apos;s formula sets these by itself. Empty is Ollama&apos;s own default, which your settings mean.</source>
        <translation>这两项由 Homebrew 的配方自行设置。留空即 Ollama 自己的默认值，与您的设置一致。</translation>
    </message>
    <message>
        <source>Homebrew {version} or newer is needed: older versions do not read the file, and write their own anew at each start.</source>
        <translation>需要 Homebrew {version} 或更新的版本：旧版本不读取此文件，并且每次启动都会重写自己的文件。</translation>
    </message>
    <message>
        <source>Copy into {folder}; if XDG_CONFIG_HOME is set, into homebrew/services in that folder instead. Homebrew skips a file that a group may write to.</source>
        <translation>复制到 {folder}；如果设置了 XDG_CONFIG_HOME，则复制到该文件夹下的 homebrew/services。用户组可写的文件会被 Homebrew 跳过。</translation>
    </message>
    <message>
        <source>Restart the service: requests that it works on are lost.</source>
        <translation>重新启动服务：正在处理的请求会丢失。</translation>
    </message>
    <message>
        <source>See that the settings are in the file that Homebrew has written.</source>
        <translation>确认这些设置已在 Homebrew 写出的文件中。</translation>
    </message>
    <message>
        <source>Homebrew runs one service of Ollama; the other workers can be agents: see {target}.</source>
        <translation>Homebrew 只运行一个 Ollama 服务；其他工作进程可以用代理运行：参见 {target}。</translation>
    </message>
    <message>
        <source>Homebrew&apos;s file of variables</source>
        <translation>Homebrew 的变量文件</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>Windows</translation>
    </message>
    <message>
        <source>PowerShell scripts: your user&apos;s variables for Ollama&apos;s app, and a task at login for every further worker.</source>
        <translation>PowerShell 脚本：为 Ollama 应用设置用户环境变量，并为其余每个工作进程建立登录时运行的计划任务。</translation>
    </message>
    <message>
        <source>The settings of {worker} for Ollama&apos;s app, which keeps its address: 127.0.0.1:11434 unless set elsewhere.</source>
        <translation>{worker} 的设置，用于 Ollama 应用；应用保持原来的地址：除非另有设置，否则是 127.0.0.1:11434。</translation>
    </message>
    <message>
        <source>Worker {worker} on {url}: starts Ollama, and again when it ends.</source>
        <translation>工作进程 {worker}（{url}）：启动 Ollama，退出后重新启动。</translation>
    </message>
    <message>
        <source>a PowerShell script</source>
        <translation>PowerShell 脚本</translation>
    </message>
    <message>
        <source>The tasks and the variables are gone. Quit Ollama&apos;s app and start it again.</source>
        <translation>任务和变量已移除。请退出 Ollama 应用并重新启动。</translation>
    </message>
    <message>
        <source>Ollama is not where its installer puts it: install it for this user, then try again.</source>
        <translation>在安装程序的默认位置找不到 Ollama：请先为此用户安装，然后重试。</translation>
    </message>
    <message>
        <source>Done. Quit Ollama at its icon in the taskbar, then start it from the Start menu.</source>
        <translation>完成。请在任务栏图标处退出 Ollama，再从“开始”菜单启动它。</translation>
    </message>
    <message>
        <source>Copy all files of this export into one folder of the machine, and open PowerShell there.</source>
        <translation>把此导出的所有文件复制到那台机器的同一个文件夹中，并在那里打开 PowerShell。</translation>
    </message>
    <message>
        <source>Set the variables of your user, and the tasks.</source>
        <translation>设置用户的变量和任务。</translation>
    </message>
    <message>
        <source>Quit Ollama at its icon in the taskbar and start it from the Start menu: a running app keeps its old settings.</source>
        <translation>在任务栏图标处退出 Ollama，再从“开始”菜单启动它：正在运行的应用仍用旧设置。</translation>
    </message>
    <message>
        <source>See that each server answers.</source>
        <translation>确认每个服务器都有回应。</translation>
    </message>
    <message>
        <source>To take it back later: this takes the tasks and the variables away.</source>
        <translation>以后要撤销时：移除任务和变量。</translation>
    </message>
    <message>
        <source>{name} is left out: {path} is no folder of Windows. Set it there yourself.</source>
        <translation>未包含 {name}：{path} 不是 Windows 的文件夹。请在那里自行设置。</translation>
    </message>
    <message>
        <source>NixOS</source>
        <translation>NixOS</translation>
    </message>
    <message>
        <source>A module: NixOS&apos;s own service for the first worker, and a service for every further one.</source>
        <translation>一个模块：第一个工作进程用 NixOS 自带的服务，其余每个各有一个服务。</translation>
    </message>
    <message>
        <source>Worker {worker}. The service keeps its address: services.ollama.host and port.</source>
        <translation>工作进程 {worker}。服务保持原来的地址：services.ollama.host 和 port。</translation>
    </message>
    <message>
        <source>All workers share one user, because they share the store</source>
        <translation>所有工作进程使用同一个用户，因为它们共用模型存储</translation>
    </message>
    <message>
        <source>Put the module beside your configuration, which is in {folder} unless you use flakes.</source>
        <translation>把模块放在您的配置旁边；不用 flakes 时，配置在 {folder} 中。</translation>
    </message>
    <message>
        <source>Add {file} to its imports.</source>
        <translation>把 {file} 加入其中的 imports。</translation>
    </message>
    <message>
        <source>See that NixOS can build it; nothing changes yet.</source>
        <translation>确认 NixOS 能够构建；此时还没有任何改动。</translation>
    </message>
    <message>
        <source>Put it into force: services that have changed are restarted, and requests there are lost.</source>
        <translation>使其生效：有变化的服务会重新启动，其中的请求会丢失。</translation>
    </message>
    <message>
        <source>See that the services run.</source>
        <translation>确认服务正在运行。</translation>
    </message>
    <message>
        <source>Ansible</source>
        <translation>Ansible</translation>
    </message>
    <message>
        <source>A playbook that installs the services of systemd on all machines of a group.</source>
        <translation>一个 playbook，在一组机器上安装 systemd 服务。</translation>
    </message>
    <message>
        <source>Ollama with the settings of Ollama Panel</source>
        <translation>采用 Ollama Panel 设置的 Ollama</translation>
    </message>
    <message>
        <source>Find {unit}: without it, install Ollama with its own installer first</source>
        <translation>查找 {unit}：没有的话，请先用 Ollama 自己的安装程序安装</translation>
    </message>
    <message>
        <source>Let the services of this user run without a login</source>
        <translation>让此用户的服务无需登录即可运行</translation>
    </message>
    <message>
        <source>Make the folder {folder}</source>
        <translation>建立文件夹 {folder}</translation>
    </message>
    <message>
        <source>Install the file of {unit}</source>
        <translation>安装 {unit} 的文件</translation>
    </message>
    <message>
        <source>Restart what has changed</source>
        <translation>重新启动有变化的服务</translation>
    </message>
    <message>
        <source>Start {unit}, now and at each boot</source>
        <translation>现在以及每次开机时启动 {unit}</translation>
    </message>
    <message>
        <source>Wait until {worker} answers</source>
        <translation>等待 {worker} 回应</translation>
    </message>
    <message>
        <source>Name your machines in the group {group} of an inventory; with a proxy such as nginx in front, they become one.</source>
        <translation>在清单的 {group} 组中写上您的机器；前面放一个代理（如 nginx），它们就合为一体。</translation>
    </message>
    <message>
        <source>See what would change; nothing changes yet.</source>
        <translation>查看将有哪些变化；此时还没有任何改动。</translation>
    </message>
    <message>
        <source>Install: services whose files have changed are restarted, and requests there are lost.</source>
        <translation>安装：文件有变化的服务会重新启动，其中的请求会丢失。</translation>
    </message>
    <message>
        <source>See in the logs what is in force: each server writes it at its start.</source>
        <translation>在日志中查看生效的设置：每个服务器启动时都会写出。</translation>
    </message>
    <message>
        <source>Modelfile</source>
        <translation>Modelfile</translation>
    </message>
    <message>
        <source>The context and the batch size of a pool as parameters of each of its models.</source>
        <translation>把池的上下文长度和批大小作为其中每个模型的参数。</translation>
    </message>
    <message>
        <source>The settings of pool {pool}, for whoever runs this model.</source>
        <translation>池 {pool} 的设置，供运行此模型的任何一方使用。</translation>
    </message>
    <message>
        <source>Tokens of a prompt that are read at once</source>
        <translation>一次读取的提示词词元数</translation>
    </message>
    <message>
        <source>Make {made} from {model}: it shares the weights and takes no more space.</source>
        <translation>由 {model} 建立 {made}：两者共用权重，不占用更多空间。</translation>
    </message>
    <message>
        <source>See the parameters.</source>
        <translation>查看参数。</translation>
    </message>
    <message>
        <source>Let programs ask for {made}.</source>
        <translation>让程序使用 {made}。</translation>
    </message>
    <message>
        <source>A Modelfile holds nothing of the server: its slots, the type of the KV cache, how long models stay loaded and the number of workers are in the other exports.</source>
        <translation>Modelfile 不包含服务器的任何设置：槽位数、KV 缓存类型、模型保持加载的时间和工作进程数都在其他导出中。</translation>
    </message>
    <message>
        <source>A Modelfile is for a model, and no pool with a worker names one that runs here: name its models in Settings.</source>
        <translation>Modelfile 针对具体的模型，而没有任何带工作进程的池写明在本机运行的模型：请在“设置”中写上它的模型。</translation>
    </message>
    <message>
        <source>&quot;{model}&quot;, a model of pool {pool}, is not a name of Ollama: correct it in Settings.</source>
        <translation>池 {pool} 的模型“{model}”不是 Ollama 的名称：请在“设置”中更正。</translation>
    </message>
    <message>
        <source>With {pool} behind it the tag of {model} would be longer than the {letters} letters that Ollama allows: give the pool a shorter name.</source>
        <translation>加上 {pool} 后，{model} 的标签会超过 Ollama 允许的 {letters} 个字符：请给池一个更短的名称。</translation>
    </message>
    <message>
        <source>A launch agent needs the full path of Ollama, not &quot;{program}&quot;: set it in Settings.</source>
        <translation>启动代理需要 Ollama 的完整路径，而不是“{program}”：请在设置中填写。</translation>
    </message>
    <message>
        <source>The path of Ollama has a line break or control character, which a PowerShell script cannot hold: {program}. Set it in Settings.</source>
        <translation>Ollama 的路径含有换行符或控制字符，PowerShell 脚本无法容纳：{program}。请在“设置”中更改。</translation>
    </message>
    <message>
        <source>{names} in the environment of pool {pool} are the same variable on Windows: take one of them out.</source>
        <translation>池 {pool} 的环境变量 {names} 在 Windows 上是同一个变量：请去掉其中一个。</translation>
    </message>
    <message>
        <source>{name} in the environment of pool {pool} begins or ends with a blank, which {place} cannot hold: take it out.</source>
        <translation>池 {pool} 的环境变量 {name} 以空格开头或结尾，{place}无法容纳：请去掉它。</translation>
    </message>
    <message>
        <source>{tool}: accepted</source>
        <translation>{tool}：通过</translation>
    </message>
    <message>
        <source>Not checked: {tool} is not installed</source>
        <translation>未检查：未安装 {tool}</translation>
    </message>
    <message>
        <source>Debian and Ubuntu have {tool} in the package {package}.</source>
        <translation>Debian 和 Ubuntu 的软件包 {package} 中有 {tool}。</translation>
    </message>
    <message>
        <source>No tool checks such files</source>
        <translation>没有检查这类文件的工具</translation>
    </message>
    <message>
        <source>Not checked: {tool} gave no answer within {limit:seconds}</source>
        <translation>未检查：{tool} 在 {limit:seconds} 内没有答复</translation>
    </message>
    <message>
        <source>{tool}: refused</source>
        <translation>{tool}：未通过</translation>
    </message>
    <message>
        <source>Quit the panel: it listens on the same address ({addresses}) while it runs.</source>
        <translation>退出面板：它运行时监听同一地址（{addresses}）。</translation>
    </message>
    <message>
        <source>Check the configuration and load it. Requests under way are finished by the old one.</source>
        <translation>检查配置并加载它。正在进行的请求由旧配置处理完。</translation>
    </message>
    <message>
        <source>Only names of this machine: Ollama checks that itself, but no longer sees by which name it was called.</source>
        <translation>只接受本机的名称：Ollama 自己会检查这一点，但已看不到自己是以哪个名称被访问的。</translation>
    </message>
    <message>
        <source>Web pages of other origins are let in by Ollama itself: set {variable} in the environment of the workers.</source>
        <translation>其他来源的网页由 Ollama 自己放行：请在工作进程的环境中设置 {variable}。</translation>
    </message>
    <message>
        <source>What needs no slot is asked of the first worker that runs: lists, downloads, changes of the store.</source>
        <translation>不需要槽位的请求交给第一个正在运行的工作进程：列表、下载、对模型库的更改。</translation>
    </message>
    <message>
        <source>The workers of embeddings take no chats, and there is no other worker.</source>
        <translation>嵌入的工作进程不接受聊天，也没有其他工作进程。</translation>
    </message>
    <message>
        <source>a new key</source>
        <translation>新密钥</translation>
    </message>
    <message>
        <source>This server needs an API key.</source>
        <translation>此服务器需要 API 密钥。</translation>
    </message>
    <message>
        <source>No Ollama server took the request: all are busy, or none runs.</source>
        <translation>没有 Ollama 服务器接受此请求：全部繁忙，或没有一个在运行。</translation>
    </message>
    <message>
        <source>HAProxy</source>
        <translation>HAProxy</translation>
    </message>
    <message>
        <source>Install HAProxy 2.6 or newer.</source>
        <translation>安装 HAProxy 2.6 或更新的版本。</translation>
    </message>
    <message>
        <source>Put the digest of each API key into {file}, where its name is: the file holds no keys, and opens to nobody before. This command prints the digest of a key.</source>
        <translation>把每个 API 密钥的摘要填入 {file} 中写有其名称之处：文件中没有密钥，在此之前不对任何人开放。此命令打印密钥的摘要。</translation>
    </message>
    <message>
        <source>Save it as {path}. It takes the place of the whole file that is there.</source>
        <translation>将其保存为 {path}。它会取代那里原有的整个文件。</translation>
    </message>
    <message>
        <source>As many as may wait or be answered, and some for all that needs no slot.</source>
        <translation>等于可以等待和正在回答的请求数，再为不需要槽位的请求留一些。</translation>
    </message>
    <message>
        <source>So many bytes of a body are kept for each request that waits: a model is found in them, and a shorter body can be sent to another worker.</source>
        <translation>为每个等待的请求保留请求体的这么多字节：从中找出模型；更短的请求体还可以改发给另一个工作进程。</translation>
    </message>
    <message>
        <source>Who has hung up leaves the queue, and no worker goes on with the answer.</source>
        <translation>已断开的客户端离开队列，工作进程也不再继续其回答。</translation>
    </message>
    <message>
        <source>Each word of an answer is sent on at once.</source>
        <translation>回答的每个词都立即转发。</translation>
    </message>
    <message>
        <source>If a worker does not answer at all, another one is asked.</source>
        <translation>如果某个工作进程完全不应答，就改问另一个。</translation>
    </message>
    <message>
        <source>A load and a long answer take minutes, in which nothing may be sent.</source>
        <translation>加载和长回答需要几分钟，其间可能不发送任何内容。</translation>
    </message>
    <message>
        <source>A client&apos;s next request takes its turn as if it had come {wait:seconds} later for each one that it has under way, batch work {longest:seconds} later.</source>
        <translation>客户端每有一个进行中的请求，其下一个请求就按晚到 {wait:seconds} 排队；批处理按晚到 {longest:seconds} 排队。</translation>
    </message>
    <message>
        <source>Ollama refuses the names of other machines.</source>
        <translation>Ollama 拒绝其他机器的名称。</translation>
    </message>
    <message>
        <source>SHA-256 of each API key: printf %s KEY | sha256sum</source>
        <translation>每个 API 密钥的 SHA-256：printf %s KEY | sha256sum</translation>
    </message>
    <message>
        <source>digest of {key}</source>
        <translation>{key} 的摘要</translation>
    </message>
    <message>
        <source>Models that have workers of their own.</source>
        <translation>有专用工作进程的模型。</translation>
    </message>
    <message>
        <source>maxconn: the slots of a worker. What exceeds them waits here, not in Ollama.</source>
        <translation>maxconn：一个工作进程的槽位数。超出的请求在这里等待，而不在 Ollama 中。</translation>
    </message>
    <message>
        <source>nginx</source>
        <translation>nginx</translation>
    </message>
    <message>
        <source>Install nginx 1.18 or newer.</source>
        <translation>安装 nginx 1.18 或更新的版本。</translation>
    </message>
    <message>
        <source>Put each API key into {file} in the place of KEY, and take the # before it away: the file holds no keys, and opens to nobody before.</source>
        <translation>把每个 API 密钥填入 {file} 中 KEY 的位置，并去掉其前面的 #：文件中没有密钥，在此之前不对任何人开放。</translation>
    </message>
    <message>
        <source>Save it as {path}, which nginx includes.</source>
        <translation>将其保存为 {path}，nginx 会包含它。</translation>
    </message>
    <message>
        <source>Let nginx have enough connections: each request takes two.</source>
        <translation>让 nginx 有足够的连接：每个请求占用两个。</translation>
    </message>
    <message>
        <source>No limit of connections to a worker is set: nginx without NGINX Plus lets no request wait, it would refuse it. Ollama lets requests wait, in the order in which they come.</source>
        <translation>没有限制到工作进程的连接数：没有 NGINX Plus 的 nginx 不让请求等待，而会拒绝它。Ollama 让请求按到达的顺序等待。</translation>
    </message>
    <message>
        <source>Each request goes to the worker with the fewest at that time.</source>
        <translation>每个请求发往当时请求最少的工作进程。</translation>
    </message>
    <message>
        <source>In the place of KEY stands an API key, without the # before its line.</source>
        <translation>在 KEY 的位置填写 API 密钥，并去掉该行前面的 #。</translation>
    </message>
    <message>
        <source>the key {key}</source>
        <translation>密钥 {key}</translation>
    </message>
    <message>
        <source>Clients come here by {path} behind the address: nginx does not see which model a request names.</source>
        <translation>客户端通过在地址后加 {path} 到达这里：nginx 看不到请求指定的是哪个模型。</translation>
    </message>
    <message>
        <source>The name &quot;{text}&quot; has a line break or control character, which the configuration of a proxy cannot hold: take it out.</source>
        <translation>名称“{text}”含有换行或控制字符，代理的配置无法容纳：请将其去掉。</translation>
    </message>
    <message>
        <source>Put the file in its place. It holds the settings of {worker}; the service keeps its address, and what you wrote with systemctl edit stays.</source>
        <translation>将文件放到相应位置。其中是 {worker} 的设置；服务保留自己的地址，您用 systemctl edit 写入的内容也不变。</translation>
    </message>
    <message>
        <source>Reload the units and restart {unit}, which ends the requests that it works on.</source>
        <translation>重新加载单元并重启 {unit}，它正在处理的请求会中断。</translation>
    </message>
    <message>
        <source>A service for every worker, of the system or of your user; the first as ollama.service.</source>
        <translation>每个工作进程一个服务，属于系统或您的用户；第一个作为 ollama.service。</translation>
    </message>
    <message>
        <source>Puts the files beside it in their places, and starts the services, also at every boot.</source>
        <translation>将同目录中的文件放到相应位置并启动服务，以后每次开机也会启动。</translation>
    </message>
    <message>
        <source>Put the files in their places and start the services, also at every boot. A restart ends the requests that a worker works on.</source>
        <translation>将文件放到相应位置并启动服务，以后每次开机也会启动。重启会中断工作进程正在处理的请求。</translation>
    </message>
    <message>
        <source>See that every worker runs. A service {prefix}… that is not of this export is left from an earlier one: end it by systemctl disable --now and its name.</source>
        <translation>查看每个工作进程是否在运行。不属于本次导出的 {prefix}… 服务来自以前的导出：用 systemctl disable --now 加其名称将其停用。</translation>
    </message>
    <message>
        <source>{worker} answers on {url}.</source>
        <translation>{worker} 的地址为 {url}。</translation>
    </message>
    <message>
        <source>See in the logs of the servers what is in force.</source>
        <translation>在服务器日志中查看实际生效的设置。</translation>
    </message>
    <message>
        <source>Let your services run from the boot on, without a login.</source>
        <translation>让您的服务开机后无需登录即可运行。</translation>
    </message>
    <message>
        <source>Requests that a loaded model works on at once</source>
        <translation>一个已加载模型同时处理的请求数</translation>
    </message>
    <message>
        <source>Tokens that each of them can hold</source>
        <translation>每个请求可容纳的词元数</translation>
    </message>
    <message>
        <source>Models that stay loaded side by side</source>
        <translation>同时保持加载的模型数</translation>
    </message>
    <message>
        <source>How long a model stays loaded after its last request</source>
        <translation>最后一个请求之后模型保持加载的时间</translation>
    </message>
    <message>
        <source>Requests that wait for a model to be loaded; more are refused</source>
        <translation>等待模型加载的请求数；超出的会被拒绝</translation>
    </message>
    <message>
        <source>The first worker alone cleans the store that all share</source>
        <translation>共用的模型库只由第一个工作进程清理</translation>
    </message>
    <message>
        <source>Flash attention: less memory for the context</source>
        <translation>Flash Attention：上下文占用更少内存</translation>
    </message>
    <message>
        <source>How exactly the context is kept: f16, or q8_0 in half the memory</source>
        <translation>上下文的存储精度：f16，或只占一半内存的 q8_0</translation>
    </message>
    <message>
        <source>The folder of the models</source>
        <translation>模型所在的文件夹</translation>
    </message>
    <message>
        <source>Where the server listens</source>
        <translation>服务器监听的地址</translation>
    </message>
    <message>
        <source>Threads that a model computes with on the processor</source>
        <translation>模型在处理器上计算所用的线程数</translation>
    </message>
    <message>
        <source>Without the panel no chat goes before batch work: export haproxy too for a queue.</source>
        <translation>没有面板时，对话不会先于批处理：需要队列请同时导出 haproxy。</translation>
    </message>
    <message>
        <source>Run the script in a terminal; Ctrl-C there stops all workers.</source>
        <translation>在终端中运行脚本；在其中按 Ctrl-C 停止所有工作进程。</translation>
    </message>
    <message>
        <source>fish script</source>
        <translation>fish 脚本</translation>
    </message>
    <message>
        <source>Starts every worker in a terminal with fish and stops them all on Ctrl-C.</source>
        <translation>在终端中用 fish 启动每个工作进程，按 Ctrl-C 全部停止。</translation>
    </message>
    <message>
        <source>a fish script</source>
        <translation>fish 脚本</translation>
    </message>
    <message>
        <source>.env</source>
        <translation>.env</translation>
    </message>
    <message>
        <source>A file of variables for each worker, for units, Compose files and shells of your own.</source>
        <translation>每个工作进程一个变量文件，供您自己的单元、Compose 文件和 shell 使用。</translation>
    </message>
    <message>
        <source>Worker {worker} on {url}</source>
        <translation>工作进程 {worker}，地址 {url}</translation>
    </message>
    <message>
        <source>an environment file</source>
        <translation>环境变量文件</translation>
    </message>
    <message>
        <source>For services of your own: put the files in their places, and name each in its unit, as {line}.</source>
        <translation>用于您自己的服务：将文件放到相应位置，并在各自的单元中写明，例如 {line}。</translation>
    </message>
    <message>
        <source>For Compose, in a service: {line}. OLLAMA_HOST and OLLAMA_MODELS are those of this machine: set them under environment, which wins.</source>
        <translation>用于 Compose，在服务中写：{line}。OLLAMA_HOST 和 OLLAMA_MODELS 是本机的值：请在优先级更高的 environment 中另行设置。</translation>
    </message>
    <message>
        <source>For a shell: let the variables of one worker reach the server.</source>
        <translation>用于 shell：让一个工作进程的变量传给服务器。</translation>
    </message>
    <message>
        <source>Leave out the line with OLLAMA_HOST where a server that is there already, as {worker}, keeps its address.</source>
        <translation>如果已有的服务器作为 {worker} 并保留自己的地址，请去掉 OLLAMA_HOST 那一行。</translation>
    </message>
    <message>
        <source>Podman quadlets</source>
        <translation>Podman quadlet</translation>
    </message>
    <message>
        <source>A container for each worker, run by systemd through Podman, with its health check.</source>
        <translation>每个工作进程一个容器，由 systemd 通过 Podman 运行，并带健康检查。</translation>
    </message>
    <message>
        <source>a quadlet</source>
        <translation>quadlet 文件</translation>
    </message>
    <message>
        <source>Describe the cards for containers, by the NVIDIA Container Toolkit, once and after each update of the driver.</source>
        <translation>用 NVIDIA Container Toolkit 为容器描述显卡：首次执行一次，之后每次更新驱动后再执行。</translation>
    </message>
    <message>
        <source>Put the files in their places. Services of an earlier export as {target} have the same names and would win: remove them first.</source>
        <translation>将文件放到相应位置。以前导出为 {target} 的服务名称相同且优先：请先将其移除。</translation>
    </message>
    <message>
        <source>Start the services; the first start pulls the image. They start at every boot, too.</source>
        <translation>启动服务；首次启动会拉取镜像。以后每次开机也会启动。</translation>
    </message>
    <message>
        <source>{name} in the environment of pool {pool} has a backtick besides a single quote or a backslash at its end, which shells and Compose read differently: take it out.</source>
        <translation>池 {pool} 的环境变量 {name} 中有反引号，同时有单引号或以反斜杠结尾，shell 与 Compose 的读法不同：请将其去掉。</translation>
    </message>
    <message>
        <source>A quadlet cannot mount the folder {folder}: name one by its whole path, without a colon or a double quote.</source>
        <translation>quadlet 无法挂载文件夹 {folder}：请给出完整路径，且不含冒号或双引号。</translation>
    </message>
    <message>
        <source>{models}: only the server at {url} has this ({who}), in {folder}. The panel&apos;s workers cannot serve it; requests for it go to that server, {slots}.</source>
        <translation>{models}：只有 {url} 上的服务器（{who}）有，位于 {folder}。面板自己的工作进程无法提供；相关请求转到该服务器，{slots}。</translation>
    </message>
    <message>
        <source>service {unit} of user {user}</source>
        <translation>用户 {user} 的服务 {unit}</translation>
    </message>
    <message>
        <source>of user {user}</source>
        <translation>属于用户 {user}</translation>
    </message>
    <message>
        <source>of a user that the system does not tell</source>
        <translation>所属用户系统未告知</translation>
    </message>
    <message>
        <source>{number:count} more</source>
        <translation>另外 {number:count} 个</translation>
    </message>
    <message>
        <source>the folder {path}</source>
        <translation>文件夹 {path}</translation>
    </message>
    <message>
        <source>{path} (from the environment of its process)</source>
        <translation>{path}（来自其进程的环境变量）</translation>
    </message>
    <message>
        <source>{path} (from its log)</source>
        <translation>{path}（来自其日志）</translation>
    </message>
    <message>
        <source>{path} (from its systemd unit)</source>
        <translation>{path}（来自其 systemd 单元）</translation>
    </message>
    <message>
        <source>{path} (the usual place in the home of that user)</source>
        <translation>{path}（该用户主目录中的默认位置）</translation>
    </message>
    <message>
        <source>a folder that the system does not tell</source>
        <translation>系统未告知的文件夹</translation>
    </message>
    <message>
        <source>a container</source>
        <translation>容器中</translation>
    </message>
    <message>
        <source>{slots:count} at a time for each model (from its log)</source>
        <translation>每个模型同时处理 {slots:count} 个（来自其日志）</translation>
    </message>
    <message>
        <source>{slots:count} at a time for each model (from the command line of its runner)</source>
        <translation>每个模型同时处理 {slots:count} 个（来自其运行器的命令行）</translation>
    </message>
    <message>
        <source>{slots:count} at a time for each model (from its environment)</source>
        <translation>每个模型同时处理 {slots:count} 个（来自其环境变量）</translation>
    </message>
    <message>
        <source>{slots:count} at a time for each model (from its systemd unit)</source>
        <translation>每个模型同时处理 {slots:count} 个（来自其 systemd 单元）</translation>
    </message>
    <message>
        <source>{slots:count} at a time for each model (as Ollama does for such a model)</source>
        <translation>每个模型同时处理 {slots:count} 个（Ollama 对此类模型的做法）</translation>
    </message>
    <message>
        <source>at first one at a time (nothing tells how many it takes; that is measured while it works)</source>
        <translation>起初一次一个（无从得知它能同时处理多少个，将在运行中测出）</translation>
    </message>
    <message>
        <source>Leave it so: that server alone answers, {slots}. For more, set OLLAMA_NUM_PARALLEL where it is started, and restart it.</source>
        <translation>保持现状：只由该服务器应答，{slots}。若要更多，请在启动它的地方设置 OLLAMA_NUM_PARALLEL，然后重新启动它。</translation>
    </message>
    <message>
        <source>Only the log of the server tells, and the panel does not have these lines of it.</source>
        <translation>只有服务器的日志会说明，而面板没有其中的这些行。</translation>
    </message>
    <message>
        <source>The log of the server does not tell.</source>
        <translation>服务器的日志没有说明。</translation>
    </message>
    <message>
        <source>The MLX runner does not tell.</source>
        <translation>MLX 运行器没有说明。</translation>
    </message>
    <message>
        <source>The server does not tell its version, and no runner is seen.</source>
        <translation>服务器没有报告版本，也看不到运行器。</translation>
    </message>
    <message>
        <source>Neither the log, nor the runner&apos;s command line, nor the environment tells: the panel counts with one slot.</source>
        <translation>日志、运行器的命令行和环境变量都没有说明：面板按一个槽位计算。</translation>
    </message>
    <message>
        <source>Neither the log nor the environment of the server can be read.</source>
        <translation>服务器的日志和环境变量都无法读取。</translation>
    </message>
    <message>
        <source>The runner decides by itself, and says so in the server&apos;s log alone.</source>
        <translation>由运行器自行决定，且只写在服务器的日志里。</translation>
    </message>
    <message>
        <source>Such a model keeps nothing of the tokens that it has read.</source>
        <translation>这类模型不保留读过的词元。</translation>
    </message>
    <message>
        <source>Only llama-server, from Ollama 0.30 on, keeps earlier prompts in main memory.</source>
        <translation>只有 Ollama 0.30 起使用的 llama-server 会在内存中保留先前的提示。</translation>
    </message>
    <message>
        <source>{gpu:bytes} of {size:bytes} are on a GPU; how many layers that is, only the server&apos;s log tells.</source>
        <translation>{size:bytes} 中有 {gpu:bytes} 在 GPU 上；那是多少层，只有服务器的日志会说明。</translation>
    </message>
    <message>
        <source>The model was trained for {tokens:count} tokens.</source>
        <translation>该模型的训练上下文为 {tokens:count} 个词元。</translation>
    </message>
    <message>
        <source>Models that see pictures get {tokens:count} tokens at least.</source>
        <translation>能看图片的模型至少得到 {tokens:count} 个词元。</translation>
    </message>
    <message>
        <source>The model&apos;s own file sets it (num_ctx), which goes before OLLAMA_CONTEXT_LENGTH.</source>
        <translation>模型文件自行设定了它（num_ctx），优先于 OLLAMA_CONTEXT_LENGTH。</translation>
    </message>
    <message>
        <source>It is rounded up to a multiple of {step:count} tokens.</source>
        <translation>会向上取整到 {step:count} 个词元的倍数。</translation>
    </message>
    <message>
        <source>A request may ask for a context of its own (num_ctx), and has loaded the model with it.</source>
        <translation>请求可以自行要求上下文（num_ctx），模型正是以此加载的。</translation>
    </message>
    <message>
        <source>Ollama knows these types: {types}.</source>
        <translation>Ollama 认识这些类型：{types}。</translation>
    </message>
    <message>
        <source>This type needs flash attention, which is off.</source>
        <translation>该类型需要 flash attention，而它已关闭。</translation>
    </message>
    <message>
        <source>Ollama does not use this type for such a model.</source>
        <translation>Ollama 对这类模型不使用该类型。</translation>
    </message>
    <message>
        <source>The model or the device does not support it.</source>
        <translation>模型或设备不支持它。</translation>
    </message>
    <message>
        <source>The model needs it.</source>
        <translation>该模型需要它。</translation>
    </message>
    <message>
        <source>{target:bytes} of the GPU&apos;s memory shall stay free; with all layers, {missing:bytes} of that were missing.</source>
        <translation>GPU 内存中应留出 {target:bytes}；若放入全部层，会缺少 {missing:bytes}。</translation>
    </message>
    <message>
        <source>A request or the Modelfile asks for {layers:count} layers on the GPU (num_gpu).</source>
        <translation>请求或 Modelfile 要求在 GPU 上放 {layers:count} 层（num_gpu）。</translation>
    </message>
    <message>
        <source>There was not enough free GPU memory for more when the model was loaded.</source>
        <translation>加载模型时，可用的 GPU 内存放不下更多层。</translation>
    </message>
    <message>
        <source>The file is mapped into memory: CPU_Mapped counts what the GPU holds once more.</source>
        <translation>文件被映射到内存：CPU_Mapped 把 GPU 上的部分又计了一次。</translation>
    </message>
    <message>
        <source>A request may ask for another number (num_thread), and has loaded the model with it.</source>
        <translation>请求可以要求另一个数目（num_thread），模型正是以此加载的。</translation>
    </message>
    <message>
        <source>Neither the log nor a known rule tells why.</source>
        <translation>日志和已知规则都没有说明原因。</translation>
    </message>
    <message>
        <source>this panel</source>
        <translation>本面板</translation>
    </message>
    <message>
        <source>another panel</source>
        <translation>另一个面板</translation>
    </message>
    <message>
        <source>systemd: {name}</source>
        <translation>systemd：{name}</translation>
    </message>
    <message>
        <source>systemd of the user: {name}</source>
        <translation>用户的 systemd：{name}</translation>
    </message>
    <message>
        <source>the Ollama app</source>
        <translation>Ollama 应用</translation>
    </message>
    <message>
        <source>Homebrew: {name}</source>
        <translation>Homebrew：{name}</translation>
    </message>
    <message>
        <source>launchd: {name}</source>
        <translation>launchd：{name}</translation>
    </message>
    <message>
        <source>a Windows service: {name}</source>
        <translation>Windows 服务：{name}</translation>
    </message>
    <message>
        <source>docker: {name}</source>
        <translation>docker：{name}</translation>
    </message>
    <message>
        <source>podman: {name}</source>
        <translation>podman：{name}</translation>
    </message>
    <message>
        <source>a container: {name}</source>
        <translation>容器：{name}</translation>
    </message>
    <message>
        <source>the snap {name}</source>
        <translation>snap 软件包 {name}</translation>
    </message>
    <message>
        <source>by hand, in {name}</source>
        <translation>手动启动，在 {name} 中</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>手动启动</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>the file {path}</source>
        <translation>文件 {path}</translation>
    </message>
    <message>
        <source>shown by {command}</source>
        <translation>用 {command} 查看</translation>
    </message>
    <message>
        <source>kept by the panel: ollama-panel logs {instance}</source>
        <translation>由面板保存：ollama-panel logs {instance}</translation>
    </message>
    <message>
        <source>the terminal {path}</source>
        <translation>终端 {path}</translation>
    </message>
    <message>
        <source>thrown away</source>
        <translation>不保存</translation>
    </message>
    <message>
        <source>The panel stops the server at {address} ({owner}; process {pid}) by SIGTERM. Answers under way break off.</source>
        <translation>面板用 SIGTERM 停止位于 {address} 的服务器（{owner}；进程 {pid}）。正在进行的回答会中断。</translation>
    </message>
    <message>
        <source>The panel stops the server at {address} ({owner}; process {pid}) by `{command}`. Answers under way break off.</source>
        <translation>面板用 `{command}` 停止位于 {address} 的服务器（{owner}；进程 {pid}）。正在进行的回答会中断。</translation>
    </message>
    <message>
        <source>You stop the server at {address} ({owner}; process {pid}) by `{command}`; the panel waits until it has ended. Answers under way break off.</source>
        <translation>请您用 `{command}` 停止位于 {address} 的服务器（{owner}；进程 {pid}）；面板会等到它结束。正在进行的回答会中断。</translation>
    </message>
    <message>
        <source>You stop the server at {address} ({owner}; process {pid}) where it was started; the panel waits until it has ended. Answers under way break off.</source>
        <translation>请您在启动它的地方停止位于 {address} 的服务器（{owner}；进程 {pid}）；面板会等到它结束。正在进行的回答会中断。</translation>
    </message>
    <message>
        <source>That frees {memory:bytes} of main memory.</source>
        <translation>这会释放 {memory:bytes} 主内存。</translation>
    </message>
    <message>
        <source>In its place run the panel&apos;s workers: {pools}.</source>
        <translation>取代它运行的是面板的工作进程：{pools}。</translation>
    </message>
    <message>
        <source>{workers:count} of pool {pool} ({parallel:count} at a time, context {tokens:count})</source>
        <translation>池 {pool} 的 {workers:count} 个（同时处理 {parallel:count} 个请求，上下文 {tokens:count}）</translation>
    </message>
    <message>
        <source>They use the same models as now.</source>
        <translation>它们使用与现在相同的模型。</translation>
    </message>
    <message>
        <source>They use its models, in {path}.</source>
        <translation>它们使用该服务器位于 {path} 的模型。</translation>
    </message>
    <message>
        <source>They keep their own models: the panel&apos;s user cannot read those in {path}. `ollama-panel status` says what helps.</source>
        <translation>它们保留自己的模型：面板的用户无法读取 {path} 中的模型。`ollama-panel status` 会说明解决办法。</translation>
    </message>
    <message>
        <source>They keep their own models: where those of the server are is unknown.</source>
        <translation>它们保留自己的模型：该服务器的模型位置未知。</translation>
    </message>
    <message>
        <source>They get its variables: {variables}.</source>
        <translation>它们获得它的环境变量：{variables}。</translation>
    </message>
    <message>
        <source>They do not get {names}, which hold secrets: set them in the pools if they need them.</source>
        <translation>它们不获得含有机密的 {names}：如果需要，请在池中设置。</translation>
    </message>
    <message>
        <source>The panel takes the address {address}, so that clients go on as they are.</source>
        <translation>面板接管地址 {address}，客户端无需改动。</translation>
    </message>
    <message>
        <source>Other machines reach the panel at that address, as they reached the server.</source>
        <translation>其他机器可以通过该地址访问面板，就像之前访问该服务器一样。</translation>
    </message>
    <message>
        <source>Clients must use the address of the panel: {url}.</source>
        <translation>客户端必须使用面板的地址：{url}。</translation>
    </message>
    <message>
        <source>`ollama-panel machine give-back {server}` undoes it all and starts the server as it ran.</source>
        <translation>`ollama-panel machine give-back {server}` 会撤销这一切，并按原样启动该服务器。</translation>
    </message>
    <message>
        <source>`ollama-panel machine give-back {server}` undoes it all; you start the server by `{command}`.</source>
        <translation>`ollama-panel machine give-back {server}` 可全部撤销；之后由您用 `{command}` 启动该服务器。</translation>
    </message>
    <message>
        <source>`ollama-panel machine give-back {server}` undoes it all; you start the server where it was started.</source>
        <translation>`ollama-panel machine give-back {server}` 可全部撤销；之后由您在原来启动它的地方启动该服务器。</translation>
    </message>
    <message>
        <source>The panel waits until process {pid} has ended; then its workers take its place.</source>
        <translation>面板会等到进程 {pid} 结束；然后由工作进程取代它。</translation>
    </message>
    <message>
        <source>The panel&apos;s workers have taken the place of the server at {address}.</source>
        <translation>面板的工作进程已取代位于 {address} 的服务器。</translation>
    </message>
    <message>
        <source>The server at {address} was replaced by the panel&apos;s workers, but runs again ({owner}; process {pid}): give it its place back, or keep it from being started.</source>
        <translation>位于 {address} 的服务器已被面板的工作进程取代，但它又在运行（{owner}；进程 {pid}）：请把位置还给它，或阻止它被启动。</translation>
    </message>
    <message>
        <source>The server at {address} runs again as before.</source>
        <translation>位于 {address} 的服务器又像以前一样运行。</translation>
    </message>
    <message>
        <source>The server at {address} stays as it is.</source>
        <translation>位于 {address} 的服务器保持原样。</translation>
    </message>
    <message>
        <source>The panel has given its place back. Start the server where it was started.</source>
        <translation>面板已归还它的位置。请在原来启动它的地方启动该服务器。</translation>
    </message>
    <message>
        <source>The panel has given its place back. Start the server by `{command}`.</source>
        <translation>面板已归还它的位置。请用 `{command}` 启动该服务器。</translation>
    </message>
    <message>
        <source>The panel uses the server at {address}.</source>
        <translation>面板使用位于 {address} 的服务器。</translation>
    </message>
    <message>
        <source>The panel leaves the server at {address} alone.</source>
        <translation>面板不使用位于 {address} 的服务器。</translation>
    </message>
    <message>
        <source>Quit the app: the panel serves its clients, too.</source>
        <translation>退出该应用：面板也为它的客户端服务。</translation>
    </message>
    <message>
        <source>Let the app use another port, on a Mac:</source>
        <translation>在 Mac 上让该应用使用另一个端口：</translation>
    </message>
    <message>
        <source>{command} # then start the app anew; until you log in again</source>
        <translation>{command} # 然后重新启动该应用；到下次登录前有效</translation>
    </message>
    <message>
        <source>Give the panel another port; its clients must then use that:</source>
        <translation>给面板另一个端口；它的客户端必须改用该端口：</translation>
    </message>
    <message>
        <source>{command} # moves the panel</source>
        <translation>{command} # 改变面板的端口</translation>
    </message>
    <message>
        <source>It runs as {user}; the system tells its environment to {user} and to administrators only.</source>
        <translation>它以用户 {user} 的身份运行；系统只向 {user} 和管理员提供它的环境变量。</translation>
    </message>
    <message>
        <source>The system does not tell its environment.</source>
        <translation>系统不提供它的环境变量。</translation>
    </message>
    <message>
        <source>There is no server {server}: `ollama-panel machine` lists them.</source>
        <translation>没有服务器 {server}：`ollama-panel machine` 会列出所有服务器。</translation>
    </message>
    <message>
        <source>The address of the server {server} is unknown: the panel cannot use it.</source>
        <translation>服务器 {server} 的地址未知：面板无法使用它。</translation>
    </message>
    <message>
        <source>The server {server} is a worker of this panel, which it uses anyway.</source>
        <translation>服务器 {server} 是本面板的工作进程，面板本来就在使用它。</translation>
    </message>
    <message>
        <source>The server {server} cannot be replaced: it belongs to {owner}.</source>
        <translation>服务器 {server} 不能被取代：它属于 {owner}。</translation>
    </message>
    <message>
        <source>The server {server} is not replaced: there is nothing to give back.</source>
        <translation>服务器 {server} 没有被取代：没有什么可归还。</translation>
    </message>
    <message>
        <source>The panel shows a simulation, whose workers take no place of a real server: install Ollama before.</source>
        <translation>面板正在显示模拟，其工作进程不会取代真实的服务器：请先安装 Ollama。</translation>
    </message>
    <message>
        <source>The server {server} is being replaced already.</source>
        <translation>服务器 {server} 已在被取代。</translation>
    </message>
    <message>
        <source>Process {pid} has not ended within {limit:seconds}; it stays in place.</source>
        <translation>进程 {pid} 在 {limit:seconds} 内没有结束；它保留在原处。</translation>
    </message>
    <message>
        <source>Process {pid} is suspended, so it cannot end: let it go on by `kill -CONT {pid}` before.</source>
        <translation>进程 {pid} 已被挂起，因此无法结束：请先用 `kill -CONT {pid}` 让它继续运行。</translation>
    </message>
    <message>
        <source>`{command}` has failed; the server stays in place.</source>
        <translation>`{command}` 失败；服务器保留在原处。</translation>
    </message>
    <message>
        <source>The server ended at once when it was started by `{command}`; its log is {log}.</source>
        <translation>用 `{command}` 启动服务器后它立即结束了；它的日志是 {log}。</translation>
    </message>
    <message>
        <source>The server could not be started again by `{command}`: {reason}.</source>
        <translation>无法用 `{command}` 重新启动该服务器：{reason}。</translation>
    </message>
    <message>
        <source>It may not be run: it lacks the permission to be executed.</source>
        <translation>它不能运行：缺少执行权限。</translation>
    </message>
    <message>
        <source>It cannot be run: {reason}.</source>
        <translation>它无法运行：{reason}。</translation>
    </message>
    <message>
        <source>It did not tell its version within {limit:seconds}.</source>
        <translation>它在 {limit:seconds} 内没有给出版本。</translation>
    </message>
    <message>
        <source>It ended with exit code {code} when it was asked for its version.</source>
        <translation>查询版本时它以退出码 {code} 结束。</translation>
    </message>
    <message>
        <source>It did not tell its version.</source>
        <translation>它没有给出版本。</translation>
    </message>
    <message>
        <source>Ollama ({owner}) moves from {address} to {moved_to}, and the panel listens at {address}: what calls it there goes through the queue, without any change.</source>
        <translation>Ollama（{owner}）从 {address} 移到 {moved_to}，面板在 {address} 监听：调用那里的程序无需任何改动，都经过队列。</translation>
    </message>
    <message>
        <source>Nobody listens at {address}: the panel takes it, and nothing else changes.</source>
        <translation>{address} 无人监听：面板占用它，其他一切不变。</translation>
    </message>
    <message>
        <source>Answers that Ollama is writing when it moves break off.</source>
        <translation>Ollama 移动时正在写的回答会中断。</translation>
    </message>
    <message>
        <source>The panel&apos;s own address, {own}, stays as it is.</source>
        <translation>面板自己的地址 {own} 保持不变。</translation>
    </message>
    <message>
        <source>When the app starts anew, as after a login or an update, it wants {address} again: the panel says so then, and the same click moves it once more.</source>
        <translation>应用重新启动后（例如登录或更新之后）又会要 {address}：面板届时会说明，同样点一下即可再次移走。</translation>
    </message>
    <message>
        <source>An upgrade by Homebrew writes its file anew and brings Ollama back to {address}: the panel says so then, and the same click moves it once more.</source>
        <translation>Homebrew 升级会重写它的文件，使 Ollama 回到 {address}：面板届时会说明，同样点一下即可再次移走。</translation>
    </message>
    <message>
        <source>Whoever starts Ollama by hand later must give it OLLAMA_HOST={moved_to}.</source>
        <translation>以后手动启动 Ollama 时必须设置 OLLAMA_HOST={moved_to}。</translation>
    </message>
    <message>
        <source>The snap&apos;s own command `ollama` follows to {moved_to}, past the queue.</source>
        <translation>snap 自带的命令 `ollama` 会跟着转到 {moved_to}，绕过队列。</translation>
    </message>
    <message>
        <source>One click, or `ollama-panel take-over --undo`, undoes all of it.</source>
        <translation>点一下，或用 `ollama-panel take-over --undo`，即可全部撤销。</translation>
    </message>
    <message>
        <source>Write {path}, which gives the service its new address.</source>
        <translation>写入 {path}，给服务指定新地址。</translation>
    </message>
    <message>
        <source>Remove {path}.</source>
        <translation>删除 {path}。</translation>
    </message>
    <message>
        <source>Let systemd read that.</source>
        <translation>让 systemd 重新读取。</translation>
    </message>
    <message>
        <source>Restart {unit}.</source>
        <translation>重启 {unit}。</translation>
    </message>
    <message>
        <source>Give the snap {name} its address.</source>
        <translation>给 snap {name} 指定地址。</translation>
    </message>
    <message>
        <source>Write OLLAMA_HOST={host} into `ExecStart` of {unit}: it sets the address there, which counts more than anything that the panel could write.</source>
        <translation>把 {unit} 的 `ExecStart` 中的地址改为 OLLAMA_HOST={host}：该单元在那里设定地址，其优先级高于面板能写入的任何内容。</translation>
    </message>
    <message>
        <source>Set the address in {path}.</source>
        <translation>在 {path} 中设置地址。</translation>
    </message>
    <message>
        <source>Stop the server at {address} (process {pid}).</source>
        <translation>停止 {address} 的服务器（进程 {pid}）。</translation>
    </message>
    <message>
        <source>Stop the server at {moved_to}.</source>
        <translation>停止 {moved_to} 的服务器。</translation>
    </message>
    <message>
        <source>Start it again, at {moved_to}.</source>
        <translation>在 {moved_to} 重新启动它。</translation>
    </message>
    <message>
        <source>Start it again as it ran.</source>
        <translation>按原来的方式重新启动它。</translation>
    </message>
    <message>
        <source>Let the container {name} publish its port so: {mapping} (below `ports:` in a compose file, then `up -d`; a container of `run` is made anew with `-p {mapping}`).</source>
        <translation>让容器 {name} 这样发布端口：{mapping}（写在 compose 文件的 `ports:` 下，然后 `up -d`；用 `run` 启动的容器要以 `-p {mapping}` 重新创建）。</translation>
    </message>
    <message>
        <source>Start the server again where it was started, with OLLAMA_HOST={host}.</source>
        <translation>在原来启动服务器的地方，用 OLLAMA_HOST={host} 重新启动它。</translation>
    </message>
    <message>
        <source>The panel sends requests to {moved_to}.</source>
        <translation>面板把请求发往 {moved_to}。</translation>
    </message>
    <message>
        <source>The panel sends no more requests to {moved_to}.</source>
        <translation>面板不再把请求发往 {moved_to}。</translation>
    </message>
    <message>
        <source>The panel listens at {address}.</source>
        <translation>面板在 {address} 监听。</translation>
    </message>
    <message>
        <source>The panel listens at {address} no more; answers under way end first.</source>
        <translation>面板不再在 {address} 监听；进行中的回答先结束。</translation>
    </message>
    <message>
        <source>{path} has this content.</source>
        <translation>{path} 的内容如此。</translation>
    </message>
    <message>
        <source>{path} is gone.</source>
        <translation>{path} 已不存在。</translation>
    </message>
    <message>
        <source>`{command}` prints {expected}.</source>
        <translation>`{command}` 输出 {expected}。</translation>
    </message>
    <message>
        <source>`{command}` prints {expected} no more.</source>
        <translation>`{command}` 不再输出 {expected}。</translation>
    </message>
    <message>
        <source>Process {pid} has ended.</source>
        <translation>进程 {pid} 已结束。</translation>
    </message>
    <message>
        <source>Nothing answers at {moved_to}.</source>
        <translation>{moved_to} 没有应答。</translation>
    </message>
    <message>
        <source>Ollama answers at {moved_to}, and no more at {address}.</source>
        <translation>Ollama 在 {moved_to} 应答，不再在 {address} 应答。</translation>
    </message>
    <message>
        <source>Ollama answers at {address}.</source>
        <translation>Ollama 在 {address} 应答。</translation>
    </message>
    <message>
        <source>The panel&apos;s instance of {moved_to} is ready.</source>
        <translation>面板中 {moved_to} 的实例已就绪。</translation>
    </message>
    <message>
        <source>The panel has no instance of {moved_to}.</source>
        <translation>面板中没有 {moved_to} 的实例。</translation>
    </message>
    <message>
        <source>The panel itself answers at {address}.</source>
        <translation>面板自己在 {address} 应答。</translation>
    </message>
    <message>
        <source>The panel does not answer at {address}.</source>
        <translation>面板不在 {address} 应答。</translation>
    </message>
    <message>
        <source>The panel takes over {address}: {done:count} of {all:count} steps are done.</source>
        <translation>面板正在接管 {address}：{all:count} 步中已完成 {done:count} 步。</translation>
    </message>
    <message>
        <source>The panel gives {address} back: {done:count} of {all:count} steps are done.</source>
        <translation>面板正在归还 {address}：{all:count} 步中已完成 {done:count} 步。</translation>
    </message>
    <message>
        <source>To take over {address}, the panel waits for commands that you type; then it goes on by itself.</source>
        <translation>为了接管 {address}，面板等待您输入命令；之后会自动继续。</translation>
    </message>
    <message>
        <source>To give {address} back, the panel waits for commands that you type; then it goes on by itself.</source>
        <translation>为了归还 {address}，面板等待您输入命令；之后会自动继续。</translation>
    </message>
    <message>
        <source>The panel listens at {address}; Ollama runs at {moved_to}.</source>
        <translation>面板在 {address} 监听；Ollama 在 {moved_to} 运行。</translation>
    </message>
    <message>
        <source>Clients that call {address} reach the panel.</source>
        <translation>调用 {address} 的客户端到达面板。</translation>
    </message>
    <message>
        <source>All is as before: the panel does not listen at {address} any more.</source>
        <translation>一切恢复原样：面板不再在 {address} 监听。</translation>
    </message>
    <message>
        <source>Other machines reach the panel at {address} without a key, as they reached Ollama, and see its state there.</source>
        <translation>其他机器无需密钥即可在 {address} 访问面板，与访问 Ollama 时一样，也能看到面板的状态。</translation>
    </message>
    <message>
        <source>Other machines reach the panel at {address} without a key, as they reached Ollama, and see its state there: `proxy.require_key` is `never` until you undo this. To let in this machine alone, set `proxy.second_host` to 127.0.0.1 then.</source>
        <translation>其他机器无需密钥即可在 {address} 访问面板，与访问 Ollama 时一样，也能看到面板的状态：撤销之前，`proxy.require_key` 为 `never`。若只允许本机访问，之后请把 `proxy.second_host` 设为 127.0.0.1。</translation>
    </message>
    <message>
        <source>Clients need one of your API keys at {address}, those of this machine, too: Ollama asked for none.</source>
        <translation>客户端在 {address} 需要您的一个 API 密钥，本机的客户端也是如此：Ollama 之前不要求密钥。</translation>
    </message>
    <message>
        <source>Clients that call {host}:{port} do not reach the panel: {why}</source>
        <translation>调用 {host}:{port} 的客户端到达不了面板：{why}</translation>
    </message>
    <message>
        <source>The panel has not taken over Ollama&apos;s address: there is nothing to undo.</source>
        <translation>面板没有接管 Ollama 的地址：没有什么可以撤销。</translation>
    </message>
    <message>
        <source>The server at {address} cannot be moved: it belongs to {owner}.</source>
        <translation>{address} 的服务器不能移动：它属于{owner}。</translation>
    </message>
    <message>
        <source>The address {address} cannot be taken over: {owner} listens there, and is no Ollama server. Stop it before.</source>
        <translation>地址 {address} 不能接管：{owner} 在那里监听，而且不是 Ollama 服务器。请先停止它。</translation>
    </message>
    <message>
        <source>The Ollama app cannot be moved while it is open to the network: switch off that setting of the app, then try again.</source>
        <translation>Ollama 应用向网络开放时不能移动：请先关闭应用的这项设置，然后重试。</translation>
    </message>
    <message>
        <source>The panel shows a simulation, which is no place for real clients: install Ollama, or name its program, before.</source>
        <translation>面板显示的是模拟，不适合真实的客户端：请先安装 Ollama，或者指定它的程序。</translation>
    </message>
    <message>
        <source>The server at {address} is replaced by the panel&apos;s workers: give it its place back before.</source>
        <translation>{address} 的服务器已被面板的工作进程取代：请先把位置还给它。</translation>
    </message>
    <message>
        <source>The proxy is off: switch it on before.</source>
        <translation>代理已关闭：请先打开它。</translation>
    </message>
    <message>
        <source>`{command}` has failed: {reason}.</source>
        <translation>`{command}` 失败：{reason}。</translation>
    </message>
    <message>
        <source>The system has not let the panel do that: type the commands yourself.</source>
        <translation>系统没有允许面板这样做：请自己输入命令。</translation>
    </message>
    <message>
        <source>It was done, but within {limit:seconds} this was not seen: {expected}</source>
        <translation>已经执行，但在 {limit:seconds} 内没有看到：{expected}</translation>
    </message>
    <message>
        <source>{unit} has started anew and is at {address} again: a script that it runs, or the program itself, sets OLLAMA_HOST. Go back, then set it there to {moved_to}.</source>
        <translation>{unit} 已重新启动，但仍在 {address}：它运行的脚本或程序本身设定了 OLLAMA_HOST。请先返回，然后在那里把它设为 {moved_to}。</translation>
    </message>
    <message>
        <source>Something has started Ollama at {address} again, as a loop of a script or a timer does. Stop that, then try again, or go back.</source>
        <translation>有程序又在 {address} 启动了 Ollama，例如脚本中的循环或定时任务。请先停止它，然后重试，或者退回。</translation>
    </message>
    <message>
        <source>{path} cannot be written: {reason}.</source>
        <translation>{path} 无法写入：{reason}。</translation>
    </message>
    <message>
        <source>It is not known any more how the server ran: start it where it was started.</source>
        <translation>已经不知道服务器原来如何运行：请在原来的地方启动它。</translation>
    </message>
    <message>
        <source>The panel does not listen, so that no program can reach it: switch the proxy on.</source>
        <translation>面板没有在监听，任何程序都无法连接：请打开代理。</translation>
    </message>
    <message>
        <source>A test is under way: wait for its end, or cancel it.</source>
        <translation>测试正在进行：请等待结束，或将其取消。</translation>
    </message>
    <message>
        <source>{url} did not answer ({reason}): restart the panel.</source>
        <translation>{url} 没有应答（{reason}）：请重新启动面板。</translation>
    </message>
    <message>
        <source>The panel answered with status {status}: {answer}</source>
        <translation>面板以状态 {status} 应答：{answer}</translation>
    </message>
    <message>
        <source>The answer ended with an error: {answer}</source>
        <translation>回答以错误结束：{answer}</translation>
    </message>
    <message>
        <source>The answer broke off before its end: look into the log of the instance.</source>
        <translation>回答在结束前中断：请查看该实例的日志。</translation>
    </message>
    <message>
        <source>{instance} has ended meanwhile: the measurement is repeated.</source>
        <translation>{instance} 在测量期间已退出：将重新测量。</translation>
    </message>
    <message>
        <source>{instance}, which measured, was stopped: resume the tuning to start it again.</source>
        <translation>用于测量的 {instance} 已停止：继续调优即可重新启动它。</translation>
    </message>
    <message>
        <source>{layers:count} of {whole:count} layers are on the GPU: the model does not fit with {settings}.</source>
        <translation>GPU 上只有 {layers:count} 层（共 {whole:count} 层）：模型在 {settings}时放不下。</translation>
    </message>
    <message>
        <source>{gpu:bytes} of {size:bytes} are on the GPU: the model does not fit with {settings}.</source>
        <translation>GPU 上只有 {gpu:bytes}（共 {size:bytes}）：模型在 {settings}时放不下。</translation>
    </message>
    <message>
        <source>Ollama answers {slots:count} requests at a time, and not {wanted:count}.</source>
        <translation>Ollama 同时只回答 {slots:count} 个请求，而不是 {wanted:count} 个。</translation>
    </message>
    <message>
        <source>No tuning is under way.</source>
        <translation>当前没有正在进行的调优。</translation>
    </message>
    <message>
        <source>There is no tuning {tuning}.</source>
        <translation>没有名为 {tuning} 的调优记录。</translation>
    </message>
    <message>
        <source>Answers ended early, with {percent} % of the tokens that were asked for.</source>
        <translation>回答提前结束，只生成了所要求词元数的 {percent}%。</translation>
    </message>
    <message>
        <source>{requests:count} of {all:count} requests are shorter than usual, to fit a context of {context:count} tokens.</source>
        <translation>{all:count} 个请求中有 {requests:count} 个比通常短，以适应 {context:count} 个词元的上下文。</translation>
    </message>
    <message>
        <source>A context of {context:count} tokens is too small for any request: raise it.</source>
        <translation>{context:count} 个词元的上下文太小，容不下任何请求：请增大它。</translation>
    </message>
    <message>
        <source>The server answered with status {status}: {answer}</source>
        <translation>服务器以状态 {status} 应答：{answer}</translation>
    </message>
    <message>
        <source>An answer ended with an error: {answer}</source>
        <translation>一个回答以错误结束：{answer}</translation>
    </message>
    <message>
        <source>An answer broke off before its end: look into the log of the instance.</source>
        <translation>一个回答在结束前中断：请查看该实例的日志。</translation>
    </message>
    <message>
        <source>An answer broke off before its end. {instance} said: {words}</source>
        <translation>回答在结束前中断。{instance} 报告：{words}</translation>
    </message>
    <message>
        <source>{url} did not answer ({reason}).</source>
        <translation>{url} 没有应答（{reason}）。</translation>
    </message>
    <message>
        <source>{url} sent nothing for {seconds:seconds}.</source>
        <translation>{url} 在 {seconds:seconds} 内没有发送任何内容。</translation>
    </message>
    <message>
        <source>No token came within {seconds:seconds}.</source>
        <translation>在 {seconds:seconds} 内没有收到任何词元。</translation>
    </message>
    <message>
        <source>The pool is {pool}: it is the only one for this.</source>
        <translation>池为 {pool}：只有它适合。</translation>
    </message>
    <message>
        <source>This goal needs a bound: the time to the first token, or for each further one.</source>
        <translation>此目标需要一个上限：首个词元的时间，或之后每个词元的时间。</translation>
    </message>
    <message>
        <source>1 worker</source>
        <translation>1 个工作进程</translation>
    </message>
    <message>
        <source>{workers:count} workers with {slots} each</source>
        <translation>{workers:count} 个工作进程，各 {slots}</translation>
    </message>
    <message>
        <source>{rate:number} embeddings/s</source>
        <translation>{rate:number} 个嵌入/秒</translation>
    </message>
    <message>
        <source>The first step. How much memory more slots need is not known, so each step is loaded by itself.</source>
        <translation>第一级。更多槽位需要多少内存未知，因此每一级单独加载。</translation>
    </message>
    <message>
        <source>The first step. This model answers one request at a time: only workers can be added.</source>
        <translation>第一级。此模型一次只处理一个请求：只能增加工作进程。</translation>
    </message>
    <message>
        <source>{step} gave {rate}.</source>
        <translation>{step}得到 {rate}。</translation>
    </message>
    <message>
        <source>{step} gave {percent:number} % more than {before}.</source>
        <translation>{step}比 {before}多 {percent:number} %。</translation>
    </message>
    <message>
        <source>{step} gave {percent:number} % less than {before}.</source>
        <translation>{step}比 {before}少 {percent:number} %。</translation>
    </message>
    <message>
        <source>{step} failed; the climb goes on below.</source>
        <translation>{step}失败；在其下继续。</translation>
    </message>
    <message>
        <source>The climb goes on to the memory limit; a flat step may be followed by a rise.</source>
        <translation>继续逐级增加，直到内存上限；一级持平之后仍可能上升。</translation>
    </message>
    <message>
        <source>The climb goes on to {workers}.</source>
        <translation>继续增加到 {workers}。</translation>
    </message>
    <message>
        <source>Your settings now, to tell the gain.</source>
        <translation>您目前的设置，用于说明增益。</translation>
    </message>
    <message>
        <source>Beside the best so far, {best}.</source>
        <translation>与目前最佳（{best}）相邻。</translation>
    </message>
    <message>
        <source>Half the KV cache is read faster, at a slight loss of quality. Measured in turns with {best}, so that what disturbs both does not count.</source>
        <translation>一半大小的 KV 缓存读取更快，质量略有损失。与 {best}轮流测量，使对两者的共同干扰不计入结果。</translation>
    </message>
    <message>
        <source>The smaller KV cache made room for the climb; this one loses no quality. Measured in turns with {best}, so that what disturbs both does not count.</source>
        <translation>较小的 KV 缓存为逐级增加腾出了空间；这一种不损失质量。与 {best}轮流测量，使对两者的共同干扰不计入结果。</translation>
    </message>
    <message>
        <source>Larger batches may read prompts faster. Measured in turns with {best}, so that what disturbs both does not count.</source>
        <translation>更大的批可能更快地读取提示词。与 {best}轮流测量，使对两者的共同干扰不计入结果。</translation>
    </message>
    <message>
        <source>The GPU is busy for {percent:number} % of the time: another worker may use the rest.</source>
        <translation>GPU 有 {percent:number} % 的时间繁忙：再加一个工作进程可能用上其余时间。</translation>
    </message>
    <message>
        <source>How busy the GPU is cannot be read here: another worker tells whether it has time.</source>
        <translation>此处无法读取 GPU 的繁忙程度：再加一个工作进程便知是否还有余力。</translation>
    </message>
    <message>
        <source>The first step again, to see whether the machine has changed meanwhile, as by heat.</source>
        <translation>重测第一级，看机器在此期间是否有变化，例如因为发热。</translation>
    </message>
    <message>
        <source>The best with a fresh load, for twice as long: it should give {rate} again.</source>
        <translation>重新加载最佳设置，测量时间加倍：应再次得到 {rate}。</translation>
    </message>
    <message>
        <source>A fresh load of the best gave less than predicted. The next best should give {rate}.</source>
        <translation>重新加载后，最佳设置低于预测。次佳设置应得到 {rate}。</translation>
    </message>
    <message>
        <source>Batch size {batch:count}, in turns with {before:count}</source>
        <translation>批大小 {batch:count}，与 {before:count} 轮流</translation>
    </message>
    <message>
        <source>KV cache {cache}, in turns with {before}</source>
        <translation>KV 缓存 {cache}，与 {before} 轮流</translation>
    </message>
    <message>
        <source>Another batch size</source>
        <translation>另一种批大小</translation>
    </message>
    <message>
        <source>{step} would need {needed:bytes}; models may use {budget:bytes}.</source>
        <translation>{step}需要 {needed:bytes}；模型可用 {budget:bytes}。</translation>
    </message>
    <message>
        <source>More slots break the bound further.</source>
        <translation>更多槽位会进一步超出界限。</translation>
    </message>
    <message>
        <source>It loses some quality: allow less quality to have it tried.</source>
        <translation>质量略有损失：允许降低质量后才会尝试。</translation>
    </message>
    <message>
        <source>The time does not suffice.</source>
        <translation>时间不够。</translation>
    </message>
    <message>
        <source>The panel cannot set it for this model.</source>
        <translation>面板无法为此模型设置批大小。</translation>
    </message>
    <message>
        <source>The GPU is busy for {percent:number} % of the time.</source>
        <translation>GPU 有 {percent:number} % 的时间繁忙。</translation>
    </message>
    <message>
        <source>Tuning of {model} in the pool {pool}, {when}</source>
        <translation>池 {pool} 中 {model} 的调优，{when}</translation>
    </message>
    <message>
        <source>Trials (± is a 95 % interval):</source>
        <translation>试验（± 为 95 % 区间）：</translation>
    </message>
    <message>
        <source>{settings}: {rate}, {token:number} ms per token, first token p95 {first:seconds}, {requests:count} requests</source>
        <translation>{settings}：{rate}，每个词元 {token:number} 毫秒，首个词元 p95 {first:seconds}，{requests:count} 个请求</translation>
    </message>
    <message>
        <source>{settings}: {problem}</source>
        <translation>{settings}：{problem}</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测量</translation>
    </message>
    <message>
        <source>{rate:number} tokens/s</source>
        <translation>{rate:number} 词元/秒</translation>
    </message>
    <message>
        <source>{rate:number} ± {half:number} tokens/s</source>
        <translation>{rate:number} ± {half:number} 词元/秒</translation>
    </message>
    <message>
        <source>1 slot</source>
        <translation>1 个槽位</translation>
    </message>
    <message>
        <source>{slots:count} slots</source>
        <translation>{slots:count} 个槽位</translation>
    </message>
    <message>
        <source>{workers:count} workers</source>
        <translation>{workers:count} 个工作进程</translation>
    </message>
    <message>
        <source>batch size {batch:count}</source>
        <translation>批大小 {batch:count}</translation>
    </message>
    <message>
        <source>KV cache {cache}</source>
        <translation>KV 缓存 {cache}</translation>
    </message>
    <message>
        <source>Measured on: {parts}</source>
        <translation>测量环境：{parts}</translation>
    </message>
    <message>
        <source>Model: {model}, digest {digest}</source>
        <translation>模型：{model}，摘要 {digest}</translation>
    </message>
    <message>
        <source>{limit:count} of {slots:count} slots: the machine saves power</source>
        <translation>{limit:count}/{slots:count} 个槽位：机器处于节能模式</translation>
    </message>
    <message>
        <source>{limit:count} of {slots:count} slots: its battery use or power saving comes and goes</source>
        <translation>{limit:count}/{slots:count} 个槽位：机器在电池供电或节能模式之间反复切换</translation>
    </message>
    <message>
        <source>{limit:count} of {slots:count} slots: heat slows the machine down</source>
        <translation>{limit:count}/{slots:count} 个槽位：机器因过热而降速</translation>
    </message>
    <message>
        <source>{limit:count} of {slots:count} slots: the machine is critically hot</source>
        <translation>{limit:count}/{slots:count} 个槽位：机器严重过热</translation>
    </message>
    <message>
        <source>Heat slows the machine down.</source>
        <translation>机器因过热而降速。</translation>
    </message>
    <message>
        <source>The machine saves power.</source>
        <translation>机器处于节能模式。</translation>
    </message>
    <message>
        <source>{instance} was restarted because it hung.</source>
        <translation>{instance} 因停止响应而重启。</translation>
    </message>
    <message>
        <source>there is no shell of POSIX</source>
        <translation>那里没有 POSIX shell</translation>
    </message>
    <message>
        <source>no server of Ollama</source>
        <translation>没有 Ollama 服务器</translation>
    </message>
    <message>
        <source>servers: {count:count}</source>
        <translation>服务器 {count:count} 台</translation>
    </message>
    <message>
        <source>Ollama {versions}</source>
        <translation>Ollama {versions}</translation>
    </message>
    <message>
        <source>no graphics card was found</source>
        <translation>未发现显卡</translation>
    </message>
    <message>
        <source>card: {name}</source>
        <translation>显卡 {name}</translation>
    </message>
    <message>
        <source>memory {free:bytes} free</source>
        <translation>内存可用 {free:bytes}</translation>
    </message>
    <message>
        <source>disk {free:bytes} free</source>
        <translation>磁盘可用 {free:bytes}</translation>
    </message>
    <message>
        <source>models: {count:count}</source>
        <translation>模型 {count:count} 个</translation>
    </message>
    <message>
        <source>loaded: {count:count}</source>
        <translation>已加载 {count:count} 个</translation>
    </message>
    <message>
        <source>places read: {count:count}</source>
        <translation>已读取 {count:count} 处</translation>
    </message>
    <message>
        <source>at {addresses}</source>
        <translation>位于 {addresses}</translation>
    </message>
    <message>
        <source>{failed:count} of {ended:count} failed</source>
        <translation>{ended:count} 个请求中失败 {failed:count} 个</translation>
    </message>
    <message>
        <source>{path} cannot be read: it is another user&apos;s.</source>
        <translation>无法读取 {path}：它属于另一个用户。</translation>
    </message>
    <message>
        <source>{path} is larger than {size:bytes}, so it was not read.</source>
        <translation>{path} 大于 {size:bytes}，因此没有读取。</translation>
    </message>
    <message>
        <source>{what} says: {reason}.</source>
        <translation>{what} 报告：{reason}。</translation>
    </message>
    <message>
        <source>It took longer than {limit:seconds}.</source>
        <translation>用时超过 {limit:seconds}。</translation>
    </message>
    <message>
        <source>The server at {url} does not answer.</source>
        <translation>位于 {url} 的服务器没有响应。</translation>
    </message>
    <message>
        <source>{path} is not there.</source>
        <translation>{path} 不存在。</translation>
    </message>
    <message>
        <source>There is no file, no unit and no container {what}.</source>
        <translation>没有名为 {what} 的文件、单元或容器。</translation>
    </message>
    <message>
        <source>{path} says nothing about Ollama in a format that is known.</source>
        <translation>{path} 中没有以已知格式写的 Ollama 设置。</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>Hint</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>All is well {place}. Checks that have found nothing: {count:count}.</source>
        <translation>{place}一切正常。未发现问题的检查：{count:count} 项。</translation>
    </message>
    <message>
        <source>What was found {place}: errors: {error:count}, warnings: {warning:count}, hints: {info:count}.</source>
        <translation>{place}的发现：错误 {error:count}，警告 {warning:count}，提示 {info:count}。</translation>
    </message>
    <message>
        <source>Nothing could be looked at {place}.</source>
        <translation>{place}无法进行任何检查。</translation>
    </message>
    <message>
        <source>What was found of an instance before its restart: {folder}</source>
        <translation>重启前查到的某个实例的情况：{folder}</translation>
    </message>
    <message>
        <source>Waiting requests are answered again; models are loaded as they are needed.</source>
        <translation>等待的请求会继续得到回答；模型在需要时加载。</translation>
    </message>
    <message>
        <source>A successor is started with the settings once more; the worker serves on meanwhile.</source>
        <translation>再次以这些设置启动后继进程；期间工作进程继续服务。</translation>
    </message>
    <message>
        <source>{path} makes no sense ({reason}): the doctor has forgotten what was set aside and what takes its fixes back. The file is kept beside it, as {name}.</source>
        <translation>{path} 无法理解（{reason}）：诊断已忘记哪些内容被搁置，也忘记如何撤销它做过的修复。该文件已另存在旁边，名为 {name}。</translation>
    </message>
    <message>
        <source>The panel shows a simulation, and changes nothing of this machine meanwhile: end it, and let `ollama-panel doctor` mend this.</source>
        <translation>面板正在显示模拟，期间不会更改本机的任何内容：请先退出面板，再用 `ollama-panel doctor` 修复。</translation>
    </message>
    <message>
        <source>Take the GPU back</source>
        <translation>收回 GPU</translation>
    </message>
    <message>
        <source>Try it again with these settings</source>
        <translation>以这些设置再试一次</translation>
    </message>
    <message>
        <source>Follow updates from now on</source>
        <translation>从现在起跟随更新</translation>
    </message>
    <message>
        <source>A server of Ollama runs</source>
        <translation>有 Ollama 服务器在运行</translation>
    </message>
    <message>
        <source>The panel&apos;s own settings are all in force</source>
        <translation>面板自身的设置全部生效</translation>
    </message>
    <message>
        <source>Take the settings of before the last change</source>
        <translation>恢复上次更改之前的设置</translation>
    </message>
    <message>
        <source>Set the file aside, and begin with the defaults</source>
        <translation>移开此文件，从默认设置重新开始</translation>
    </message>
    <message>
        <source>Write the settings as they are in force</source>
        <translation>按当前生效的内容写入设置</translation>
    </message>
    <message>
        <source>A newer panel has written the file: update this one, which would lose what it does not know.</source>
        <translation>此文件由更新版本的面板写入：请更新本面板，否则会丢失它不认识的设置。</translation>
    </message>
    <message>
        <source>Ollama is installed: this panel starts servers of it, and so does `ollama serve`.</source>
        <translation>Ollama 已安装：本面板会启动它的服务器，`ollama serve` 也可以。</translation>
    </message>
    <message>
        <source>No program ollama was found. Install it from https://ollama.com/download, then look again.</source>
        <translation>没有找到程序 ollama。请从 https://ollama.com/download 安装，然后再检查一次。</translation>
    </message>
    <message>
        <source>The panel cannot keep a changed setting: it may not write in the folder {path} of its settings.</source>
        <translation>面板无法保存更改的设置：它无权写入其设置所在的文件夹 {path}。</translation>
    </message>
    <message>
        <source>No server of Ollama runs {place}.</source>
        <translation>{place}没有 Ollama 服务器在运行。</translation>
    </message>
    <message>
        <source>The panel&apos;s settings in {path} cannot be read, so that none of them is in force.</source>
        <translation>无法读取 {path} 中的面板设置，因此其中的设置均未生效。</translation>
    </message>
    <message>
        <source>{server} becomes a worker of the pool {pool}, which keeps its number of workers.</source>
        <translation>{server} 成为池 {pool} 的一个工作进程，该池的工作进程数不变。</translation>
    </message>
    <message>
        <source>Each instance of the template has a value of its own: name the unit of one, such as ollama@1.</source>
        <translation>此模板的每个实例各有自己的值：请指定某个实例的单元，例如 ollama@1。</translation>
    </message>
    <message>
        <source>A command makes this value when the script runs, so that it is unknown here.</source>
        <translation>此值由命令在脚本运行时生成，因此这里无法得知。</translation>
    </message>
    <message>
        <source>Passed on if systemd itself has it, which the panel cannot see: its value is unknown.</source>
        <translation>systemd 自身有此变量时才会传递，而面板无法查看 systemd 的变量：其值未知。</translation>
    </message>
    <message>
        <source>Passed on only if systemd itself has it, and it has none of that name.</source>
        <translation>只有 systemd 自身有此变量时才会传递，而它没有这个名称的变量。</translation>
    </message>
    <message>
        <source>{name} is not set: the quotes around it are those of a text program, which systemd takes for a part of the name. Write straight ones.</source>
        <translation>{name} 未设置：其两侧是文字处理软件的弯引号（中文引号），systemd 会把它当作名称的一部分。请改用直引号。</translation>
    </message>
    <message>
        <source>systemd ignores the environment file {path}: write its path from / on, without quotes.</source>
        <translation>systemd 忽略环境文件 {path}：请写从 / 开始的完整路径，不加引号。</translation>
    </message>
    <message>
        <source>{name} is not set: PassEnvironment= passes on what systemd itself has, and it has no {name}. Write Environment={name}=….</source>
        <translation>{name} 未设置：PassEnvironment= 只传递 systemd 自身的变量，而它没有 {name}。请写 Environment={name}=…。</translation>
    </message>
    <message>
        <source>{path} is in UTF-16, which the panel does not read: save it as UTF-8.</source>
        <translation>{path} 是 UTF-16 编码，面板不读取：请另存为 UTF-8。</translation>
    </message>
    <message>
        <source>{path} is no text, so it was not read.</source>
        <translation>{path} 不是文本文件，因此未读取。</translation>
    </message>
    <message>
        <source>Ollama was updated from {before} to {after}; the workers follow when they are idle. Left: {instances}.</source>
        <translation>Ollama 已从 {before} 更新到 {after}；工作进程空闲时会跟进。剩余：{instances}。</translation>
    </message>
    <message>
        <source>The program of Ollama {version} was replaced; the workers follow when they are idle. Left: {instances}.</source>
        <translation>Ollama {version} 的程序已被替换；工作进程空闲时会跟进。剩余：{instances}。</translation>
    </message>
    <message>
        <source>Ollama was updated from {before} to {after}.</source>
        <translation>Ollama 已从 {before} 更新到 {after}。</translation>
    </message>
    <message>
        <source>Ollama was updated from {before} to {after}; these workers still run the old one, whose new runners are of the new one: {instances}. Run “ollama-panel restart --all”, or switch on “Follow updates”.</source>
        <translation>Ollama 已从 {before} 更新到 {after}；这些工作进程仍在运行旧版本，但其新的运行器属于新版本：{instances}。请运行“ollama-panel restart --all”，或打开“跟随更新”。</translation>
    </message>
    <message>
        <source>{instance} does not run with Ollama {after}: {why} The others go on with {before}; it is tried again.</source>
        <translation>{instance} 无法以 Ollama {after} 运行：{why} 其他的继续使用 {before}；会再次尝试。</translation>
    </message>
    <message>
        <source>{model} is not loaded beside {pinned}: a worker has {limit:count} in memory at once (OLLAMA_MAX_LOADED_MODELS), and pinned models stay. Unpin one of them, or raise that number.</source>
        <translation>{model} 不能与 {pinned} 同时加载：一个工作进程最多同时在内存中保留 {limit:count} 个模型（OLLAMA_MAX_LOADED_MODELS），而固定的模型不会离开内存。请取消固定其中一个，或调大该数值。</translation>
    </message>
    <message>
        <source>Pinned, but not loaded: {models}. A worker of {pool} may have {limit:count} in memory at once (OLLAMA_MAX_LOADED_MODELS): unpin some, or set it to {wanted:count}.</source>
        <translation>已固定但未加载：{models}。池 {pool} 的每个工作进程最多可同时在内存中保留 {limit:count} 个模型（OLLAMA_MAX_LOADED_MODELS）：请取消固定其中一些，或将其设为 {wanted:count}。</translation>
    </message>
    <message>
        <source>The queue is paused, and nothing is loaded meanwhile: resume it first.</source>
        <translation>队列已暂停，其间不加载任何模型：请先恢复队列。</translation>
    </message>
    <message>
        <source>{instance} serves on; its successor has failed: {why} The next one starts in {seconds:count} s.</source>
        <translation>{instance} 继续提供服务；其后继进程失败了：{why}{seconds:count} 秒后启动下一个。</translation>
    </message>
    <message>
        <source>{what} Changes: {changes}.</source>
        <translation>{what}更改：{changes}。</translation>
    </message>
    <message>
        <source>The successor of {instance} has failed: {why}</source>
        <translation>{instance} 的后继进程失败了：{why}</translation>
    </message>
    <message>
        <source>{instance} serves on as before: {count:count} successors have failed, the last one because: {why} The others stay as they are.</source>
        <translation>{instance} 照旧提供服务：{count:count} 个后继进程都失败了，最后一个的原因是：{why}其他的保持不变。</translation>
    </message>
    <message>
        <source>{models} at {instance} hung in the middle of this answer, and its process was ended: the rest is lost. Send the request again.</source>
        <translation>{instance} 上的 {models} 在回答途中挂起，其进程已结束：其余部分已丢失。请重新发送请求。</translation>
    </message>
    <message>
        <source>{model} hangs at the process that {instance} had before: it has work, has sent nothing for {silent:seconds}, and does not answer when it is asked. It ends now, without waiting for its requests.</source>
        <translation>{instance} 先前的进程中的 {model} 已挂起：有工作，{silent:seconds}没有发送任何内容，询问也不回答。该进程现在结束，不等待其请求。</translation>
    </message>
    <message>
        <source>{instance} was restarted because {models} hung: nothing was sent for {silent:seconds}. What was found before is in {folder}.</source>
        <translation>{instance} 因 {models} 停止响应而重启：已有 {silent:seconds} 没有发送任何内容。重启前查到的情况保存在 {folder}。</translation>
    </message>
    <message>
        <source>{instance} was restarted because {models} hung: nothing was sent for {silent:seconds}.</source>
        <translation>{instance} 因 {models} 停止响应而重启：已有 {silent:seconds} 没有发送任何内容。</translation>
    </message>
    <message>
        <source>{instance} was restarted because its server did not answer any more. What was found before is in {folder}.</source>
        <translation>{instance} 已重启，因为其服务器不再应答。之前发现的内容在 {folder}。</translation>
    </message>
    <message>
        <source>{instance} was restarted because its server did not answer any more.</source>
        <translation>{instance} 已重启，因为其服务器不再应答。</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>没有应答</translation>
    </message>
    <message>
        <source>no bus that can be used</source>
        <translation>没有可用的总线</translation>
    </message>
    <message>
        <source>Requests are served: nothing is given to other programs.</source>
        <translation>正在处理请求：没有让给其他程序。</translation>
    </message>
    <message>
        <source>A restart of the panel will not know what you have said about the GPU: {why}</source>
        <translation>面板重新启动后将不知道您对 GPU 的决定：{why}</translation>
    </message>
    <message>
        <source>The recording begins when {most:count} requests or fewer wait and run; now they are {open:count}. To begin it now would hold all of them up.</source>
        <translation>当等待和运行的请求不超过 {most:count} 个时才开始录制；现在有 {open:count} 个。现在开始会拖住所有这些请求。</translation>
    </message>
    <message>
        <source>Requests of others came first: this fault was not carried out, or broken off.</source>
        <translation>其他请求优先：此故障未执行或已中断。</translation>
    </message>
    <message>
        <source>The drill was ended, because the models make room for other programs.</source>
        <translation>演练已结束，因为模型要为其他程序让出空间。</translation>
    </message>
    <message>
        <source>The drill has killed its process.</source>
        <translation>演练终止了它的进程。</translation>
    </message>
    <message>
        <source>This server has no process of its own for the model, so that nothing of that kind can hang.</source>
        <translation>此服务器没有单独的模型进程，因此不会出现这种挂起。</translation>
    </message>
    <message>
        <source>A drill is under way. Wait for its end, or cancel it.</source>
        <translation>演练正在进行。请等待其结束，或取消它。</translation>
    </message>
    <message>
        <source>No drill is under way.</source>
        <translation>没有正在进行的演练。</translation>
    </message>
    <message>
        <source>A tuning is under way: the drill would be measured, too. Wait for its end, or cancel it.</source>
        <translation>调优正在进行：演练也会被测量。请等待其结束，或取消它。</translation>
    </message>
    <message>
        <source>There is no model {model} here that answers chats. Fetch it, or name another one.</source>
        <translation>这里没有能回答对话的模型 {model}。请获取它，或指定另一个模型。</translation>
    </message>
    <message>
        <source>There is no model here that answers chats. Fetch one first.</source>
        <translation>这里没有能回答对话的模型。请先获取一个。</translation>
    </message>
    <message>
        <source>No pool answers chats: give one pool this role.</source>
        <translation>没有池回答对话：请给一个池设置此角色。</translation>
    </message>
    <message>
        <source>A drill needs a worker to spare: there is surely no memory for one more with {model}, and {pool} has no second one that runs. Unload models, or give {pool} one more worker.</source>
        <translation>演练需要一个备用的工作进程：无法确保有足够内存再运行一个带 {model} 的工作进程，而且 {pool} 没有第二个在运行的工作进程。请卸载模型，或给 {pool} 增加一个工作进程。</translation>
    </message>
    <message>
        <source>The process of the instance is gone.</source>
        <translation>实例的进程已不存在。</translation>
    </message>
    <message>
        <source>{instance} is not ready. Look into its log.</source>
        <translation>{instance} 未就绪。请查看其日志。</translation>
    </message>
    <message>
        <source>{instance} does not answer ({reason}). Look into its log.</source>
        <translation>{instance} 没有应答（{reason}）。请查看其日志。</translation>
    </message>
    <message>
        <source>{model} needs {need:bytes} and does not fit into the memory of {total:bytes} beside {others}. Unpin or unload one of them, or use a smaller model.</source>
        <translation>{model} 需要 {need:bytes}，与 {others} 一起放不进 {total:bytes} 的内存。请取消固定或卸载其中一个，或改用较小的模型。</translation>
    </message>
    <message>
        <source>It was told to leave the memory meanwhile.</source>
        <translation>其间它被要求离开内存。</translation>
    </message>
    <message>
        <source>{model} left the memory {seconds:count} s after it was loaded.</source>
        <translation>{model} 在加载 {seconds:count} 秒后离开了内存。</translation>
    </message>
    <message>
        <source>{model} is pinned, and no worker has it on disk. Fetch it with “ollama-panel pull {model}”, or unpin it.</source>
        <translation>{model} 已固定，但没有工作进程在磁盘上有它。请用“ollama-panel pull {model}”下载，或取消固定。</translation>
    </message>
    <message>
        <source>{model} is pinned and not in memory at {instance}: {why} The panel tries again by itself.</source>
        <translation>{model} 已固定，但不在 {instance} 的内存中：{why} 面板会自动重试。</translation>
    </message>
    <message>
        <source>{instance} does not run. Start it first.</source>
        <translation>{instance} 没有运行。请先启动它。</translation>
    </message>
    <message>
        <source>There is no model {model} here. Fetch it with “ollama-panel pull {model}”.</source>
        <translation>这里没有模型 {model}。请用“ollama-panel pull {model}”下载。</translation>
    </message>
    <message>
        <source>{model} is not in the memory of {instance}.</source>
        <translation>{model} 不在 {instance} 的内存中。</translation>
    </message>
    <message>
        <source>Name the pool for {model} by --pool: {pools}.</source>
        <translation>请用 --pool 指明 {model} 的池：{pools}。</translation>
    </message>
    <message>
        <source>{model} is not pinned in the pool {pool}.</source>
        <translation>{model} 没有固定在池 {pool} 中。</translation>
    </message>
    <message>
        <source>Starting the successor of {instance}, which serves on.</source>
        <translation>正在启动 {instance} 的后继进程，期间 {instance} 继续提供服务。</translation>
    </message>
    <message>
        <source>The successor of {instance} loads {model}, {number:count} of {all:count}.</source>
        <translation>{instance} 的后继进程正在加载 {model}（第 {number:count} 个，共 {all:count} 个）。</translation>
    </message>
    <message>
        <source>{instance} is replaced; its old process ends when one more request has ended.</source>
        <translation>{instance} 已替换；还有一个请求处理完后，旧进程即结束。</translation>
    </message>
    <message>
        <source>{instance} is replaced; its old process ends when {requests:count} more requests have ended.</source>
        <translation>{instance} 已替换；还有 {requests:count} 个请求处理完后，旧进程即结束。</translation>
    </message>
    <message>
        <source>{instance} has restarted and loads {model}, {number:count} of {all:count}.</source>
        <translation>{instance} 已重启，正在加载 {model}（第 {number:count} 个，共 {all:count} 个）。</translation>
    </message>
    <message>
        <source>{model} was not loaded within {seconds:count} seconds. Look at the log of its worker.</source>
        <translation>{model} 未能在 {seconds:count} 秒内加载完成。请查看其工作进程的日志。</translation>
    </message>
    <message>
        <source>the disk takes too long</source>
        <translation>磁盘太慢</translation>
    </message>
    <message>
        <source>{model} at {instance} has work and has sent nothing for {silent:seconds}. It is asked for a tiny answer; {missed} of {all} were missed.</source>
        <translation>{instance} 上的 {model} 有任务，但已有 {silent:seconds} 没有发送任何内容。正在请它给出一个极短的回答；{all} 次中有 {missed} 次没有回应。</translation>
    </message>
    <message>
        <source>{model} at {instance} hangs: it has work, has sent nothing for {silent:seconds}, and does not answer when it is asked. {instance} is about to be restarted.</source>
        <translation>{instance} 上的 {model} 已停止响应：它有任务，已有 {silent:seconds} 没有发送任何内容，询问也不回答。{instance} 即将重启。</translation>
    </message>
    <message>
        <source>What was found of {instance} before its restart could not be kept: {why} Make room on the disk, or correct the rights of the folder.</source>
        <translation>{instance} 重启前查到的情况无法保存：{why} 请在磁盘上腾出空间，或修正该文件夹的权限。</translation>
    </message>
    <message>
        <source>{model} at {instance} hangs: it has work, has sent nothing for {silent:seconds}, and does not answer when it is asked. By the settings (ollama.restart_hung) the panel leaves it alone: restart it.</source>
        <translation>{instance} 上的 {model} 已停止响应：它有任务，已有 {silent:seconds} 没有发送任何内容，询问也不回答。按照设置（ollama.restart_hung），面板不会处理它：请重启它。</translation>
    </message>
    <message>
        <source>{model} at {instance} hangs: it has work, has sent nothing for {silent:seconds}, and does not answer when it is asked. The panel did not start this server: restart it where it was started.</source>
        <translation>{instance} 上的 {model} 已停止响应：它有任务，已有 {silent:seconds} 没有发送任何内容，询问也不回答。该服务器不是由面板启动的：请在启动它的地方重启它。</translation>
    </message>
    <message>
        <source>{model} at {instance} hangs again, after {times:count} restarts within an hour. The panel leaves it alone: look at its log and at the folder with the evidence, try other settings or another model, then restart it.</source>
        <translation>{instance} 上的 {model} 在一小时内重启 {times:count} 次之后再次停止响应。面板不再处理它：请查看它的日志和存放证据的文件夹，尝试其他设置或其他模型，然后重启它。</translation>
    </message>
    <message>
        <source>one of its own</source>
        <translation>它自己的某个库</translation>
    </message>
    <message>
        <source>Process {pid} was started: {command}</source>
        <translation>已启动进程 {pid}：{command}</translation>
    </message>
    <message>
        <source>Process {pid} has ended. {why}</source>
        <translation>进程 {pid} 已结束。{why}</translation>
    </message>
    <message>
        <source>The panel has stopped it.</source>
        <translation>面板停止了它。</translation>
    </message>
    <message>
        <source>The panel has ended.</source>
        <translation>面板已结束。</translation>
    </message>
    <message>
        <source>There is no log of {instance} in {folder}.</source>
        <translation>{folder} 中没有 {instance} 的日志。</translation>
    </message>
    <message>
        <source>There is no log of {instance} in {folder}; there are those of {known}.</source>
        <translation>{folder} 中没有 {instance} 的日志；有以下实例的日志：{known}。</translation>
    </message>
    <message>
        <source>No panel runs: these are the last lines of {path}.</source>
        <translation>没有面板在运行：以下是 {path} 的最后几行。</translation>
    </message>
    <message>
        <source>Meanwhile the panel has the last lines in its memory alone.</source>
        <translation>在此期间，面板只在内存中保存最后几行。</translation>
    </message>
    <message>
        <source>{instances} ended by itself: {why}</source>
        <translation>{instances} 自行结束：{why}</translation>
    </message>
    <message>
        <source>{instances} ended by itself, {times:count} times within an hour: {why}</source>
        <translation>{instances} 在一小时内自行结束了 {times:count} 次：{why}</translation>
    </message>
    <message>
        <source>{model}: its runner at {instances} ended by itself: {why}</source>
        <translation>{model}：它在 {instances} 上的运行进程自行结束：{why}</translation>
    </message>
    <message>
        <source>{model}: its runner at {instances} ended by itself, {times:count} times within an hour: {why}</source>
        <translation>{model}：它在 {instances} 上的运行进程在一小时内自行结束了 {times:count} 次：{why}</translation>
    </message>
    <message>
        <source>{count:count} lines of logs of instances are lost: the disk was too slow for them.</source>
        <translation>实例日志丢失了 {count:count} 行：磁盘太慢，来不及写入。</translation>
    </message>
    <message>
        <source>{instances} ended by itself</source>
        <translation>{instances} 自行结束</translation>
    </message>
    <message>
        <source>The runner of {model} ended by itself</source>
        <translation>{model} 的运行进程自行结束</translation>
    </message>
    <message>
        <source>Memory ran out, and the system ended the process. Use a shorter context, fewer slots or a smaller model.</source>
        <translation>内存耗尽，系统结束了该进程。请使用更短的上下文、更少的槽位或更小的模型。</translation>
    </message>
    <message>
        <source>The GPU&apos;s memory ran out. Use a shorter context, fewer slots or a smaller model, or leave more layers to the processor.</source>
        <translation>GPU 显存耗尽。请使用更短的上下文、更少的槽位或更小的模型，或把更多层留给处理器。</translation>
    </message>
    <message>
        <source>The processor lacks an instruction that this build of Ollama uses. Install Ollama anew, in the build for this processor; one without AVX needs a build of its own.</source>
        <translation>处理器缺少此 Ollama 构建所用的一条指令。请重新安装适合此处理器的 Ollama 构建；没有 AVX 的处理器需要专门的构建。</translation>
    </message>
    <message>
        <source>The GPU&apos;s driver has lost the card. If this happens again, update the driver, and see that the card is not too hot and has enough power.</source>
        <translation>GPU 驱动程序丢失了显卡。如果再次发生，请更新驱动程序，并检查显卡是否过热、供电是否充足。</translation>
    </message>
    <message>
        <source>The disk is full. Remove models or other files from it.</source>
        <translation>磁盘已满。请删除其中的模型或其他文件。</translation>
    </message>
    <message>
        <source>A library cannot be loaded: {library}. Install Ollama anew, or the package of the system that has the library.</source>
        <translation>无法加载一个库：{library}。请重新安装 Ollama，或安装系统中含有该库的软件包。</translation>
    </message>
    <message>
        <source>This version of Ollama does not know the kind of the model. Update Ollama.</source>
        <translation>此版本的 Ollama 不认识该模型的类型。请更新 Ollama。</translation>
    </message>
    <message>
        <source>The file of the model is broken. Remove the model, and fetch it again.</source>
        <translation>模型文件已损坏。请删除该模型，然后重新获取。</translation>
    </message>
    <message>
        <source>The process used memory that is not its own, which is a fault of the program, a driver or the memory. Update Ollama and the GPU&apos;s driver; if only one model does this, fetch that again.</source>
        <translation>该进程使用了不属于它的内存，这是程序、驱动程序或内存的故障。请更新 Ollama 和 GPU 驱动程序；如果只有一个模型如此，请重新获取该模型。</translation>
    </message>
    <message>
        <source>The program stopped at an error in itself. Update Ollama; if it happens again, report it with these lines.</source>
        <translation>程序因自身的错误而停止。请更新 Ollama；如果再次发生，请附上这些行报告此问题。</translation>
    </message>
    <message>
        <source>It was ended by {signal}, and nothing says that memory was short. See which program, service manager or person of this machine does that.</source>
        <translation>它被 {signal} 结束，没有迹象表明内存不足。请查明是这台机器上的哪个程序、服务管理器或用户所为。</translation>
    </message>
    <message>
        <source>It was ended by {signal}. Another program did that: Ollama&apos;s desktop app does so to other servers, and so do installers.</source>
        <translation>它被 {signal} 结束。这是另一个程序所为：Ollama 桌面应用会这样对待其他服务器，安装程序也会。</translation>
    </message>
    <message>
        <source>It ended without an error, as it does when another program asks it to: Ollama&apos;s desktop app does so to other servers, and so do installers.</source>
        <translation>它没有出错就结束了，就像另一个程序要求它结束时那样：Ollama 桌面应用会这样对待其他服务器，安装程序也会。</translation>
    </message>
    <message>
        <source>The log does not say why.</source>
        <translation>日志没有说明原因。</translation>
    </message>
    <message>
        <source>from its battery</source>
        <translation>电池供电</translation>
    </message>
    <message>
        <source>from the mains</source>
        <translation>外接电源</translation>
    </message>
    <message>
        <source>saving power</source>
        <translation>节能模式</translation>
    </message>
    <message>
        <source>none to speak of</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>warm</source>
        <translation>偏热</translation>
    </message>
    <message>
        <source>slowed down by heat</source>
        <translation>因过热而降速</translation>
    </message>
    <message>
        <source>critically hot</source>
        <translation>严重过热</translation>
    </message>
    <message>
        <source>Requests to language models run</source>
        <translation>正在运行对语言模型的请求</translation>
    </message>
    <message>
        <source>Serves clients of language models</source>
        <translation>为语言模型的客户端提供服务</translation>
    </message>
    <message>
        <source>the system has not answered within {seconds:count} s</source>
        <translation>系统在 {seconds:count} 秒内没有响应</translation>
    </message>
    <message>
        <source>the system has nothing to ask for it</source>
        <translation>系统没有可用于此的服务</translation>
    </message>
    <message>
        <source>{service}: {reason}</source>
        <translation>{service}：{reason}</translation>
    </message>
    <message>
        <source>The machine may go to sleep while requests run ({reason}). If it does, set the system not to sleep by itself.</source>
        <translation>请求运行时，这台机器可能会进入睡眠（{reason}）。如果发生这种情况，请将系统设置为不自动睡眠。</translation>
    </message>
    <message>
        <source>you said so</source>
        <translation>应您的要求</translation>
    </message>
    <message>
        <source>{program} runs</source>
        <translation>{program} 正在运行</translation>
    </message>
    <message>
        <source>other programs use it</source>
        <translation>其他程序正在使用</translation>
    </message>
    <message>
        <source>The GPU is being given to other programs ({why}): what runs ends first, new requests wait.</source>
        <translation>正在把 GPU 让给其他程序（{why}）：先完成正在运行的请求，新请求等待。</translation>
    </message>
    <message>
        <source>The memory is being given to other programs ({why}): what runs ends first, new requests wait.</source>
        <translation>正在把内存让给其他程序（{why}）：先完成正在运行的请求，新请求等待。</translation>
    </message>
    <message>
        <source>The GPU is given to other programs ({why}): requests wait until you take it back.</source>
        <translation>GPU 已让给其他程序（{why}）：请求会等到您收回为止。</translation>
    </message>
    <message>
        <source>The memory is given to other programs ({why}): requests wait until you take it back.</source>
        <translation>内存已让给其他程序（{why}）：请求会等到您收回为止。</translation>
    </message>
    <message>
        <source>The GPU is given to other programs ({why}): requests wait until that has been over for {seconds:seconds}.</source>
        <translation>GPU 已让给其他程序（{why}）：请求会等到该情况结束 {seconds:seconds} 之后。</translation>
    </message>
    <message>
        <source>The memory is given to other programs ({why}): requests wait until that has been over for {seconds:seconds}.</source>
        <translation>内存已让给其他程序（{why}）：请求会等到该情况结束 {seconds:seconds} 之后。</translation>
    </message>
    <message>
        <source>The GPU serves requests again.</source>
        <translation>GPU 重新为请求服务。</translation>
    </message>
    <message>
        <source>The memory serves requests again.</source>
        <translation>内存重新为请求服务。</translation>
    </message>
    <message>
        <source>You have taken the GPU back from {program}: it is not given to that before it has ended once.</source>
        <translation>您已从 {program} 收回 GPU：在它结束一次之前，不会再让给它。</translation>
    </message>
    <message>
        <source>You have taken the GPU back from programs that use it: it is not given away by itself before they have stopped once.</source>
        <translation>您已从正在使用 GPU 的程序收回 GPU：在它们停止一次之前，不会再自动让出。</translation>
    </message>
    <message>
        <source>{running:count} still run, {waiting:count} wait.</source>
        <translation>仍有 {running:count} 个在运行，{waiting:count} 个在等待。</translation>
    </message>
    <message>
        <source>{size:bytes} became free, {waiting:count} wait.</source>
        <translation>已释放 {size:bytes}，{waiting:count} 个在等待。</translation>
    </message>
    <message>
        <source>{instance} is not the panel&apos;s, and other programs have loaded {models} there: they stay loaded.</source>
        <translation>{instance} 不属于本面板，其他程序在那里加载了 {models}：它们保持加载。</translation>
    </message>
    <message>
        <source>{instance} held memory without a model, and was restarted.</source>
        <translation>{instance} 没有模型却占用内存，已重新启动。</translation>
    </message>
    <message>
        <source>The GPU is given to other programs: this request waits until you take it back.</source>
        <translation>GPU 已让给其他程序：此请求会等到您收回为止。</translation>
    </message>
    <message>
        <source>The memory is given to other programs: this request waits until you take it back.</source>
        <translation>内存已让给其他程序：此请求会等到您收回为止。</translation>
    </message>
    <message>
        <source>The GPU is given to {program}: this request waits until that has been gone for {seconds:seconds}.</source>
        <translation>GPU 已让给 {program}：此请求会等到该程序结束 {seconds:seconds} 之后。</translation>
    </message>
    <message>
        <source>The memory is given to {program}: this request waits until that has been gone for {seconds:seconds}.</source>
        <translation>内存已让给 {program}：此请求会等到该程序结束 {seconds:seconds} 之后。</translation>
    </message>
    <message>
        <source>Other programs use the GPU: this request waits until they have left it alone for {seconds:seconds}.</source>
        <translation>其他程序正在使用 GPU：此请求会等到它们不再使用 {seconds:seconds} 之后。</translation>
    </message>
    <message>
        <source>Other programs use the machine: this request waits until they have left it alone for {seconds:seconds}.</source>
        <translation>其他程序正在使用本机：此请求会等到它们不再使用 {seconds:seconds} 之后。</translation>
    </message>
    <message>
        <source>Waited {seconds:seconds} while the models made room for other programs.</source>
        <translation>等待了 {seconds:seconds}，期间模型为其他程序腾出了空间。</translation>
    </message>
    <message>
        <source>The models make room for other programs.</source>
        <translation>模型为其他程序腾出空间。</translation>
    </message>
    <message>
        <source>The models make room for other programs: resume the tuning when they are back.</source>
        <translation>模型为其他程序腾出空间：模型恢复后请继续调优。</translation>
    </message>
    <message>
        <source>{instance} has not let go of {models}: restart it to free the memory.</source>
        <translation>{instance} 没有释放 {models}：请重新启动它以释放内存。</translation>
    </message>
    <message>
        <source>The models are unloaded, but only {freed:bytes} of their {size:bytes} became free: restart the instances, or look which other program takes memory.</source>
        <translation>模型已卸载，但其 {size:bytes} 中只释放了 {freed:bytes}：请重新启动实例，或查看是哪个程序占用了内存。</translation>
    </message>
    <message>
        <source>The answer was cut off, because the models made room for other programs.</source>
        <translation>回答已被中断，因为模型为其他程序腾出了空间。</translation>
    </message>
    <message>
        <source>The models make room for other programs: take the GPU back first.</source>
        <translation>模型正为其他程序腾出空间：请先收回 GPU。</translation>
    </message>
    <message>
        <source>{inputs} of {of} inputs are done.</source>
        <translation>已完成 {of} 个输入中的 {inputs} 个。</translation>
    </message>
    <message>
        <source>The instance&apos;s answer has {vectors} embeddings for {inputs} inputs.</source>
        <translation>实例的回答有 {vectors} 个嵌入，而输入有 {inputs} 个。</translation>
    </message>
    <message>
        <source>The embeddings in the instance&apos;s answer are not numbered one by one.</source>
        <translation>实例的回答中的嵌入没有逐一编号。</translation>
    </message>
    <message>
        <source>The instance&apos;s answer is longer than {limit} bytes.</source>
        <translation>实例的回答超过 {limit} 字节。</translation>
    </message>
    <message>
        <source>The instance&apos;s answer has no embeddings: &quot;{reason}&quot;.</source>
        <translation>实例的回答中没有嵌入：“{reason}”。</translation>
    </message>
    <message>
        <source>There is nothing to save: no request has come, or so many wait that the last minutes are not kept. Try again when fewer wait.</source>
        <translation>没有可保存的内容：还没有请求，或等待的请求太多，未保留最近几分钟的记录。请在等待的请求减少后重试。</translation>
    </message>
    <message>
        <source>What mends it: {what}</source>
        <translation>修复方法：{what}</translation>
    </message>
    <message>
        <source>Set aside:</source>
        <translation>已忽略：</translation>
    </message>
    <message>
        <source>What could not be looked at:</source>
        <translation>无法检查的内容：</translation>
    </message>
    <message>
        <source>All is well with {area}:</source>
        <translation>{area}一切正常：</translation>
    </message>
    <message>
        <source>servers</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>graphics cards</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>memory and disks</source>
        <translation>内存和磁盘</translation>
    </message>
    <message>
        <source>models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>the network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Mended: {what}</source>
        <translation>已修复：{what}</translation>
    </message>
    <message>
        <source>Taken back, all is as before: {what}</source>
        <translation>已撤销，一切恢复原样：{what}</translation>
    </message>
    <message>
        <source>It waits for commands that you are to type: {what}</source>
        <translation>等待您输入命令：{what}</translation>
    </message>
    <message>
        <source>What the doctor has found, for people</source>
        <translation>诊断的发现，供人阅读</translation>
    </message>
    <message>
        <source>The same, for programs</source>
        <translation>同样内容，供程序使用</translation>
    </message>
    <message>
        <source>All that it has looked at; `ollama-panel doctor --facts` reads it</source>
        <translation>检查过的全部内容；可由 `ollama-panel doctor --facts` 读取</translation>
    </message>
    <message>
        <source>Versions of the panel, of Ollama, of the system and its drivers</source>
        <translation>面板、Ollama、系统及其驱动的版本</translation>
    </message>
    <message>
        <source>The panel&apos;s settings</source>
        <translation>面板的设置</translation>
    </message>
    <message>
        <source>A source of Ollama&apos;s settings: {path}</source>
        <translation>Ollama 设置的来源：{path}</translation>
    </message>
    <message>
        <source>The last lines of the log {name}</source>
        <translation>日志 {name} 的最后几行</translation>
    </message>
    <message>
        <source>Run this command.</source>
        <translation>运行此命令。</translation>
    </message>
    <message>
        <source>Only you can do this; the doctor looks again afterwards.</source>
        <translation>这只能由您来做；之后诊断会再次检查。</translation>
    </message>
    <message>
        <source>If the server does not come back, or runs with other values, all is put back as it was; the fix can also be undone later.</source>
        <translation>如果服务器没有恢复，或以其他值运行，一切都会恢复原样；以后也可以撤销此修复。</translation>
    </message>
    <message>
        <source>The panel&apos;s log is opened.</source>
        <translation>打开面板的日志。</translation>
    </message>
    <message>
        <source>A new engine starts; the instances start again.</source>
        <translation>启动新的引擎；各实例会重新启动。</translation>
    </message>
    <message>
        <source>The panel listens at the next port that is free; clients must use the new address.</source>
        <translation>面板改为监听下一个空闲端口；客户端必须使用新地址。</translation>
    </message>
    <message>
        <source>The panel tries again to listen at its address.</source>
        <translation>面板再次尝试监听其地址。</translation>
    </message>
    <message>
        <source>The panel answers clients on its address.</source>
        <translation>面板在其地址上响应客户端。</translation>
    </message>
    <message>
        <source>Waiting requests are sent to the instances again.</source>
        <translation>等待中的请求重新发送到各实例。</translation>
    </message>
    <message>
        <source>The instance starts again.</source>
        <translation>实例重新启动。</translation>
    </message>
    <message>
        <source>The server&apos;s process is replaced; running requests end first.</source>
        <translation>替换服务器进程；正在运行的请求先结束。</translation>
    </message>
    <message>
        <source>Every managed instance that is stopped starts.</source>
        <translation>启动所有已停止的受管实例。</translation>
    </message>
    <message>
        <source>The page from which Ollama is installed is opened.</source>
        <translation>打开安装 Ollama 的网页。</translation>
    </message>
    <message>
        <source>The steps that are left are done, until the panel listens at Ollama&apos;s address.</source>
        <translation>完成剩余步骤，直到面板监听 Ollama 的地址。</translation>
    </message>
    <message>
        <source>The steps that were done are undone, until Ollama listens there as before.</source>
        <translation>撤销已完成的步骤，直到 Ollama 像以前一样监听该地址。</translation>
    </message>
    <message>
        <source>The page is opened that shows how programs come to the panel.</source>
        <translation>打开说明程序如何连接面板的页面。</translation>
    </message>
    <message>
        <source>Not mended: {what} {why}</source>
        <translation>未修复：{what}{why}</translation>
    </message>
    <message>
        <source>Not mended, all is as before: {what} {why}</source>
        <translation>未修复，一切恢复原样：{what}{why}</translation>
    </message>
    <message>
        <source>The doctor has no finding {finding}; `ollama-panel doctor` shows those that there are.</source>
        <translation>诊断没有发现 {finding}；`ollama-panel doctor` 会显示现有的问题。</translation>
    </message>
    <message>
        <source>There is no fix that could be taken back.</source>
        <translation>没有可以撤销的修复。</translation>
    </message>
    <message>
        <source>{path} is there already, and nothing is overwritten: name another file.</source>
        <translation>{path} 已存在，不会覆盖任何文件：请指定另一个文件。</translation>
    </message>
    <message>
        <source>The doctor has not looked yet.</source>
        <translation>诊断还没有检查过。</translation>
    </message>
    <message>
        <source>For {finding} there is no fix that the panel could carry out.</source>
        <translation>对于 {finding}，面板没有可以执行的修复。</translation>
    </message>
    <message>
        <source>What the fix would do has changed since it was shown: look at it again.</source>
        <translation>修复的内容自显示以来已发生变化：请重新查看。</translation>
    </message>
    <message>
        <source>{path} was changed since the doctor has read it: let it look again.</source>
        <translation>{path} 在诊断读取后被修改：请重新检查。</translation>
    </message>
    <message>
        <source>It was done, and the doctor still finds: {what}</source>
        <translation>已执行，但诊断仍然发现：{what}</translation>
    </message>
    <message>
        <source>The doctor is mending {finding}: wait until it is done.</source>
        <translation>诊断正在修复 {finding}：请等待完成。</translation>
    </message>
    <message>
        <source>Another program is mending something from this state folder: wait until it is done.</source>
        <translation>另一个程序正在用此状态文件夹进行修复：请等它完成。</translation>
    </message>
    <message>
        <source>It has not come to its end: it was interrupted, or another program is still at it.</source>
        <translation>修复没有完成：它被中断了，或者另一个程序仍在进行。</translation>
    </message>
    <message>
        <source>No finding {finding} is set aside.</source>
        <translation>没有被搁置的问题 {finding}。</translation>
    </message>
    <message>
        <source>There is nothing to undo that is named {mended}.</source>
        <translation>没有名为 {mended} 的可撤销项。</translation>
    </message>
    <message>
        <source>The same file was mended again later; undo {mended} first: {what}</source>
        <translation>同一文件之后又被修复过；请先撤销 {mended}：{what}</translation>
    </message>
    <message>
        <source>This is a setting of the panel: it needs one that runs {place}.</source>
        <translation>这是面板的设置：需要{place}有正在运行的面板。</translation>
    </message>
    <message>
        <source>Only the panel&apos;s window can do this.</source>
        <translation>只有面板的窗口可以执行此操作。</translation>
    </message>
    <message>
        <source>The GPU has failed under {instances}</source>
        <translation>{instances} 使用时 GPU 发生故障</translation>
    </message>
    <message>
        <source>Ollama has found no GPU, and does not try Vulkan</source>
        <translation>Ollama 没有找到 GPU，也没有尝试 Vulkan</translation>
    </message>
    <message>
        <source>Ollama does not use {name}</source>
        <translation>Ollama 没有使用 {name}</translation>
    </message>
    <message>
        <source>Variables choose which GPUs Ollama sees: {variables}</source>
        <translation>环境变量限定了 Ollama 能看到的 GPU：{variables}</translation>
    </message>
    <message>
        <source>{model} does not fit into memory</source>
        <translation>{model} 放不进内存</translation>
    </message>
    <message>
        <source>The GPU&apos;s memory becomes free late: {seconds:seconds} after a model has left</source>
        <translation>GPU 显存释放太慢：模型卸载 {seconds:seconds} 后仍未释放</translation>
    </message>
    <message>
        <source>{model} has a context of {given:count} tokens, not {asked:count}</source>
        <translation>{model} 的上下文是 {given:count} 个词元，而不是 {asked:count} 个</translation>
    </message>
    <message>
        <source>{model} does not use the KV cache type {asked}</source>
        <translation>{model} 没有使用 KV 缓存类型 {asked}</translation>
    </message>
    <message>
        <source>{model}: the KV cache type {asked} has no effect without flash attention</source>
        <translation>{model}：没有 flash attention，KV 缓存类型 {asked} 不起作用</translation>
    </message>
    <message>
        <source>Models push each other out of memory: {evictions:count} times in ten minutes</source>
        <translation>模型互相挤出内存：十分钟内 {evictions:count} 次</translation>
    </message>
    <message>
        <source>{model} is loaded again and again: its clients want different contexts</source>
        <translation>{model} 反复重新加载：各客户端要求的上下文不同</translation>
    </message>
    <message>
        <source>Parallel {parallel:count} brings nothing for {model}</source>
        <translation>并行数 {parallel:count} 对 {model} 没有作用</translation>
    </message>
    <message>
        <source>Prompts are cut: their beginning is lost</source>
        <translation>提示被截断：开头部分丢失</translation>
    </message>
    <message>
        <source>Clients set options that this Ollama ignores: {options}</source>
        <translation>客户端设置了此 Ollama 忽略的选项：{options}</translation>
    </message>
    <message>
        <source>{free:bytes} are free on the disk of {path}</source>
        <translation>{path} 所在磁盘只剩 {free:bytes}</translation>
    </message>
    <message>
        <source>Past the queue: {programs}</source>
        <translation>绕过队列：{programs}</translation>
    </message>
    <message>
        <source>Nobody has set the context, so Ollama has chosen one for the card, and every slot gets the whole of it: {total:count} tokens together. A shorter one leaves room for the model.</source>
        <translation>没有人设置上下文，因此 Ollama 按显卡选择了长度，而且每个槽位都得到完整的一份：合计 {total:count} 个词元。缩短上下文可以给模型腾出空间。</translation>
    </message>
    <message>
        <source>It took more memory than it, or the machine, may use. Give it more, or use a smaller model or a shorter context.</source>
        <translation>它占用的内存超过了它或整台机器的上限。请给它更多内存，或使用更小的模型、更短的上下文。</translation>
    </message>
    <message>
        <source>The kernel ends the runner when it takes more, or reads the model from the disk again and again. Raise the limit where the container is set up, too: the command holds until it is made anew.</source>
        <translation>超出后内核会终止运行进程，或者反复从磁盘读取模型。请同时在创建容器的地方提高上限：该命令只在容器重建之前有效。</translation>
    </message>
    <message>
        <source>{models} are in main memory, in whole or in part: each answer waits for the disk. Use a smaller model, a shorter context or fewer slots, or end other programs.</source>
        <translation>{models} 全部或部分在主内存中：每次应答都要等待磁盘。请使用更小的模型、更短的上下文或更少的槽位，或结束其他程序。</translation>
    </message>
    <message>
        <source>Loads and answers wait for the disk. End programs that take much memory.</source>
        <translation>加载和应答都要等待磁盘。请结束占用大量内存的程序。</translation>
    </message>
    <message>
        <source>When all their models are loaded, some of them are only partly on the GPU, or push others out. Lower workers, parallel or context of a pool.</source>
        <translation>所有模型都加载后，有些只有一部分在 GPU 上，或会挤出其他模型。请减少某个池的工作进程数、并行数或上下文。</translation>
    </message>
    <message>
        <source>Models can be used, but none can be pulled, created or removed. See in the system&apos;s log whether it has errors; then mount it for writing.</source>
        <translation>模型可以使用，但不能拉取、创建或删除。请查看系统日志中是否有磁盘错误，然后以可写方式重新挂载。</translation>
    </message>
    <message>
        <source>{path} is on the network ({kind})</source>
        <translation>{path} 位于网络存储上（{kind}）</translation>
    </message>
    <message>
        <source>Each load reads the whole model over the network. A copy on a disk of this machine loads faster.</source>
        <translation>每次加载都要通过网络读取整个模型。放在本机磁盘上加载更快。</translation>
    </message>
    <message>
        <source>Loads from there are many times slower. Put the models into the file system of Linux, for example into the home folder.</source>
        <translation>从那里加载要慢许多倍。请把模型放到 Linux 的文件系统中，例如主目录。</translation>
    </message>
    <message>
        <source>Registries may refuse to let you in, and the times in logs do not match those of other machines.</source>
        <translation>模型仓库可能拒绝登录，日志中的时间也与其他机器对不上。</translation>
    </message>
    <message>
        <source>Certificates seem to be out of date, or not valid yet: models cannot be pulled.</source>
        <translation>证书看起来已过期或尚未生效：无法拉取模型。</translation>
    </message>
    <message>
        <source>No server on the network was asked, so there is nothing to compare the clock with.</source>
        <translation>没有询问网络上的任何服务器，因此无法比对时钟。</translation>
    </message>
    <message>
        <source>The system does not tell how much memory is left.</source>
        <translation>系统没有告知剩余内存。</translation>
    </message>
    <message>
        <source>Ollama needs a newer one for its CUDA: without it models run on the processor. Update the driver, and restart the machine.</source>
        <translation>Ollama 的 CUDA 需要更新的驱动：否则模型在处理器上运行。请更新驱动并重启机器。</translation>
    </message>
    <message>
        <source>The driver was updated, and the old one is still loaded: restart the machine.</source>
        <translation>驱动已更新，但旧驱动仍在运行：请重启机器。</translation>
    </message>
    <message>
        <source>NVIDIA&apos;s driver is not loaded: after an update of the kernel it must be installed again; then restart the machine.</source>
        <translation>NVIDIA 驱动没有加载：内核更新后需要重新安装驱动，然后重启机器。</translation>
    </message>
    <message>
        <source>It is too old for this Ollama: update it, and restart the machine.</source>
        <translation>驱动对此 Ollama 来说太旧：请更新驱动并重启机器。</translation>
    </message>
    <message>
        <source>That happens to NVIDIA&apos;s driver after sleep: load its module again, and restart Ollama.</source>
        <translation>NVIDIA 驱动在休眠唤醒后会这样：请重新加载其内核模块，然后重启 Ollama。</translation>
    </message>
    <message>
        <source>The user that Ollama runs as may not use the card: put it into the groups render and video, and restart Ollama.</source>
        <translation>运行 Ollama 的用户无权使用显卡：请把它加入 render 和 video 组，然后重启 Ollama。</translation>
    </message>
    <message>
        <source>{variable}={value} hides all cards from Ollama: remove that variable, and restart the server.</source>
        <translation>{variable}={value} 让 Ollama 看不到任何显卡：请删除该变量并重启服务器。</translation>
    </message>
    <message>
        <source>The container {name} was not given the GPU: make it again with --gpus=all, or with a device of the GPU in its compose file.</source>
        <translation>容器 {name} 没有得到 GPU：请用 --gpus=all 重新创建，或在 compose 文件中加入 GPU 设备。</translation>
    </message>
    <message>
        <source>No layer of it is on the card. The log of {instance} says at its start which cards it has found; a restart of the server looks for them again.</source>
        <translation>没有任何一层在显卡上。{instance} 启动时的日志会说明找到了哪些显卡；重启服务器会重新查找。</translation>
    </message>
    <message>
        <source>It computes more slowly than it could. Clean its fans, give it more air, or lower its power limit.</source>
        <translation>它的计算速度低于应有水平。请清洁风扇、改善通风，或降低功率上限。</translation>
    </message>
    <message>
        <source>Its own circuits protect it: see whether all plugs of its power supply are in, and whether that is strong enough.</source>
        <translation>显卡的保护电路已启动：请检查供电插头是否全部插好、电源功率是否足够。</translation>
    </message>
    <message>
        <source>A server is set to it, and has no models. See whether its disk is mounted and its name is right.</source>
        <translation>有服务器使用该文件夹，因此没有任何模型。请检查磁盘是否已挂载、名称是否正确。</translation>
    </message>
    <message>
        <source>{path} is closed to the server: it belongs to {owner}.</source>
        <translation>{path} 对服务器关闭：它属于 {owner}。</translation>
    </message>
    <message>
        <source>What one of them has pulled the others do not have. With the same OLLAMA_MODELS they share their models.</source>
        <translation>其中一个拉取的模型，其他服务器没有。设置相同的 OLLAMA_MODELS 即可共享模型。</translation>
    </message>
    <message>
        <source>Clients ask for different contexts ({contexts} tokens), and each change loads the model anew. With OLLAMA_CONTEXT_LENGTH={tokens} for the server, and none in the clients, one load serves all.</source>
        <translation>各客户端要求不同的上下文（{contexts} 个词元），每次变化都会重新加载模型。给服务器设置 OLLAMA_CONTEXT_LENGTH={tokens}，客户端不再设置，一次加载即可服务全部。</translation>
    </message>
    <message>
        <source>{clients} asked {times:count} times for other options than {model} is loaded with</source>
        <translation>{clients} 有 {times:count} 次要求的选项与 {model} 加载时的不同</translation>
    </message>
    <message>
        <source>Sent to Ollama directly, each would have loaded the model anew. The panel sends them with the options of the loaded model where these are enough.</source>
        <translation>如果直接发给 Ollama，每次都会重新加载模型。只要已加载模型的选项够用，面板就用它来发送。</translation>
    </message>
    <message>
        <source>More workers help: {workers:count} gave {gave}, one gave {alone}.</source>
        <translation>增加工作进程有用：{workers:count} 个达到 {gave}，一个为 {alone}。</translation>
    </message>
    <message>
        <source>Measured here: {more:number} tokens/s against {fewer:number}. The measurement does not show what limits it.</source>
        <translation>本机实测：{more:number} 词元/秒，对比 {fewer:number}。测量没有显示限制因素。</translation>
    </message>
    <message>
        <source>With so many slots a part of {model} was not on the GPU, and the main memory is slower.</source>
        <translation>槽位这么多时，{model} 有一部分不在 GPU 上，而主内存更慢。</translation>
    </message>
    <message>
        <source>The bandwidth of its memory is used up: {read:count} GB/s of {bandwidth:count}, reckoned from the weights and caches that each step reads.</source>
        <translation>显存带宽已用尽：按每一步读取的权重和缓存计算，{bandwidth:count} GB/s 中用了 {read:count}。</translation>
    </message>
    <message>
        <source>The model runs on the processor: its {cores:count} cores, or the bandwidth of the main memory, give no more.</source>
        <translation>模型在处理器上运行：它的 {cores:count} 个核心或主内存带宽已到极限。</translation>
    </message>
    <message>
        <source>The model is split over {cards}, which work in turns and pass results over PCIe: the busiest one was busy for {percent:count} %.</source>
        <translation>模型分布在 {cards} 上，它们轮流计算并通过 PCIe 传递结果：最忙的一块忙碌率为 {percent:count} %。</translation>
    </message>
    <message>
        <source>The GPU is busy for {percent:count} % with {running:count} requests at once: it has no time left for more.</source>
        <translation>同时处理 {running:count} 个请求时 GPU 忙碌率为 {percent:count} %：没有余力处理更多请求。</translation>
    </message>
    <message>
        <source>{model} uses {limit:count} of {slots:count} slots now</source>
        <translation>{model} 现在使用 {slots:count} 个槽位中的 {limit:count} 个</translation>
    </message>
    <message>
        <source>The panel spares the machine: {told}.</source>
        <translation>面板在保护机器：{told}。</translation>
    </message>
    <message>
        <source>While a model is loaded, no slot of it works, so that more slots bring nothing. Keep models loaded for longer, or use fewer of them.</source>
        <translation>加载模型时，它的槽位都不工作，因此增加槽位没有作用。请让模型保持加载更久，或使用更少的模型。</translation>
    </message>
    <message>
        <source>Pool {pool} has {slots:count} slots, but of its last {requests:count} requests no two came together</source>
        <translation>池 {pool} 有 {slots:count} 个槽位，但最近 {requests:count} 个请求没有两个同时到达</translation>
    </message>
    <message>
        <source>{client} alone sends them, the next only after the answer: it is faster only if it sends several at once.</source>
        <translation>只有 {client} 在发送，收到应答后才发下一个：同时发送多个才会更快。</translation>
    </message>
    <message>
        <source>Its {clients:count} clients send them one after the other, so that one slot would do.</source>
        <translation>它的 {clients:count} 个客户端依次发送，一个槽位就够了。</translation>
    </message>
    <message>
        <source>When they work at the same time, each is many times slower. Divide the cores: LLAMA_ARG_THREADS={threads} for each server.</source>
        <translation>它们同时工作时，每个都会慢许多倍。请分配核心：给每个服务器设置 LLAMA_ARG_THREADS={threads}。</translation>
    </message>
    <message>
        <source>{client} sent {times:count} of them: let it send fewer at once, or raise the queue limit.</source>
        <translation>其中 {times:count} 个来自 {client}：请让它减少同时发送的数量，或提高队列上限。</translation>
    </message>
    <message>
        <source>It has a time-out of its own that is shorter than its requests need. Raise it there; the page Connect says how long it should be.</source>
        <translation>它自己的超时短于请求所需的时间。请在那里调高；“连接”页面会说明应设多长。</translation>
    </message>
    <message>
        <source>It has a time-out of its own, and waiting requests get no heartbeats, which keep many programs from giving up. Raise it there, or switch heartbeats on.</source>
        <translation>它自己有超时，而等待中的请求没有心跳；心跳可以让许多程序不放弃。请在那里调高超时，或开启心跳。</translation>
    </message>
    <message>
        <source>They needed longer than the settings allow. Without this limit they are answered when it is their turn.</source>
        <translation>它们需要的时间超过了设置的上限。去掉该上限后，轮到它们时就会得到应答。</translation>
    </message>
    <message>
        <source>Set it for good</source>
        <translation>永久设置</translation>
    </message>
    <message>
        <source>A server reads its variables as it starts. With which ones it runs only its user and administrators can see.</source>
        <translation>服务器在启动时读取变量。它用哪些变量运行，只有它的用户和管理员能看到。</translation>
    </message>
    <message>
        <source>{path} was changed after Ollama was started: it may run with other values.</source>
        <translation>{path} 在 Ollama 启动之后改动过：它可能以别的值运行。</translation>
    </message>
    <message>
        <source>The folder {path}, which has the container&apos;s models, becomes that of all workers.</source>
        <translation>容器存放模型的文件夹 {path} 将成为所有工作进程的模型文件夹。</translation>
    </message>
    <message>
        <source>{name} holds bytes that are no text in UTF-8, so its value is not known: save the file as UTF-8.</source>
        <translation>{name} 含有不是 UTF-8 文本的字节，因此无法得知它的值：请将文件保存为 UTF-8。</translation>
    </message>
    <message>
        <source>{path} starts more than {most:count} servers, so it was not read.</source>
        <translation>{path} 启动了超过 {most:count} 个服务器，因此未被读取。</translation>
    </message>
    <message>
        <source>The file begins with a byte order mark, which is a part of the name {name}, so that nothing reads it: save it as UTF-8 without such a mark.</source>
        <translation>文件以字节顺序标记（BOM）开头，它成了 {name} 这个名称的一部分，因此没有程序会读取它：请将文件保存为不带该标记的 UTF-8。</translation>
    </message>
    <message>
        <source>Nothing is set here: every line is a comment, that of {name} too. Remove the comment marks from the lines that are to count.</source>
        <translation>这里没有任何设置：每一行都是注释，{name} 那一行也是。请去掉应当生效的行前面的注释符号。</translation>
    </message>
    <message>
        <source>{name} is commented out, and nothing else is set here: remove the comment mark in front of it.</source>
        <translation>{name} 被注释掉了，这里也没有其他设置：请去掉它前面的注释符号。</translation>
    </message>
    <message>
        <source>{unit} starts no server of Ollama, and nothing else reads {names}: set that in the unit of the server.</source>
        <translation>{unit} 不启动 Ollama 服务器，而只有服务器会读取 {names}：请在服务器的单元中设置。</translation>
    </message>
    <message>
        <source>This file is a client&apos;s, and only the server reads {names}: set such variables for the server.</source>
        <translation>此文件属于客户端，而只有服务器会读取 {names}：请为服务器设置这类变量。</translation>
    </message>
    <message>
        <source>{label} does not start Ollama&apos;s server, which alone reads {names}: set such variables in the agent of the server.</source>
        <translation>{label} 不启动 Ollama 的服务器，而只有服务器会读取 {names}：请在服务器的代理中设置这类变量。</translation>
    </message>
    <message>
        <source>Homebrew writes this file anew at each start of the service, without {names}: set such variables in ~/.homebrew/services/ollama.env.</source>
        <translation>Homebrew 每次启动服务都会重写此文件，其中不再有 {names}：请在 ~/.homebrew/services/ollama.env 中设置这类变量。</translation>
    </message>
    <message>
        <source>Only the shell that runs the script knows the value of {name}.</source>
        <translation>只有运行该脚本的 shell 知道 {name} 的值。</translation>
    </message>
    <message>
        <source>It stands behind the image {image}, so that it is an argument of Ollama and no variable.</source>
        <translation>它写在镜像 {image} 之后，因此是 Ollama 的参数，而不是变量。</translation>
    </message>
    <message>
        <source>Only Ansible knows the value of {name}, which is a template.</source>
        <translation>只有 Ansible 知道 {name} 的值，因为它是模板。</translation>
    </message>
    <message>
        <source>{path} starts no container.</source>
        <translation>{path} 没有启动任何容器。</translation>
    </message>
    <message>
        <source>{given} is in single quotes, so that the shell fills nothing in: {name} has just these signs.</source>
        <translation>{given} 用单引号括着，shell 不会替换其中的内容：{name} 的值就是这些字符本身。</translation>
    </message>
    <message>
        <source>Docker takes the comment behind it for a part of the value of {name}: give it a line of its own.</source>
        <translation>Docker 会把后面的注释当作 {name} 的值的一部分：请让注释独占一行。</translation>
    </message>
    <message>
        <source>Docker takes the quotes in {given} for a part of the value of {name}: leave them out.</source>
        <translation>Docker 会把 {given} 中的引号当作 {name} 的值的一部分：请去掉引号。</translation>
    </message>
    <message>
        <source>{path} has no tasks: it is no playbook of Ansible.</source>
        <translation>{path} 中没有任务：它不是 Ansible 的 playbook。</translation>
    </message>
    <message>
        <source>{option} stands behind the image {image}: Docker gives it to Ollama as an argument. Put it before the image.</source>
        <translation>{option} 写在镜像 {image} 之后：Docker 会把它作为参数交给 Ollama。请把它放在镜像之前。</translation>
    </message>
    <message>
        <source>With blanks around the equals sign, Docker takes the sign for the image: write {name}=value in one word.</source>
        <translation>等号两边有空格时，Docker 会把等号当作镜像：请写成一个词 {name}=值。</translation>
    </message>
    <message>
        <source>Docker refuses a name with a blank: the line must begin with {name}=, without export.</source>
        <translation>Docker 不接受带空格的名称：该行必须以 {name}= 开头，不能有 export。</translation>
    </message>
    <message>
        <source>Ansible refuses {given} for {name}, which is no text: put it in quotes.</source>
        <translation>Ansible 不接受把 {given} 作为 {name} 的值，因为它不是文本：请给它加上引号。</translation>
    </message>
    <message>
        <source>{name} is &quot;{given}&quot;, which depends on where the server is started: write the whole path.</source>
        <translation>{name} 的值是“{given}”，取决于服务器从哪里启动：请写出完整路径。</translation>
    </message>
    <message>
        <source>{given} lets every machine of the network use this server, which asks for no key: listen on 127.0.0.1, and let others in through the panel with keys.</source>
        <translation>{given} 让网络上的每台机器都能使用此服务器，且不需要密钥：请监听 127.0.0.1，并通过面板的密钥让他人访问。</translation>
    </message>
    <message>
        <source>{given} requests at once have no effect for {models}: Ollama runs one request at a time of them. Several servers help, or workers of a pool.</source>
        <translation>同时处理 {given} 个请求对 {models} 不起作用：Ollama 对它们一次只处理一个请求。可以用多个服务器，或池中的多个工作进程。</translation>
    </message>
    <message>
        <source>Open the log</source>
        <translation>打开日志</translation>
    </message>
    <message>
        <source>The log cannot be read by this user: `{command}`.</source>
        <translation>此用户无法读取该日志：`{command}`。</translation>
    </message>
    <message>
        <source>The servers of this machine have their models in {count:count} different folders</source>
        <translation>本机各服务器的模型位于 {count:count} 个不同的文件夹中</translation>
    </message>
    <message>
        <source>The GPU was busy for {percent:count} % with {fewer:count} slots already: it has no time left for more.</source>
        <translation>用 {fewer:count} 个槽位时 GPU 忙碌率已达 {percent:count} %：没有余力处理更多请求。</translation>
    </message>
    <message>
        <source>{times:count} of them for this: {cause}</source>
        <translation>其中 {times:count} 个的原因是：{cause}</translation>
    </message>
    <message>
        <source>Restart the panel&apos;s engine</source>
        <translation>重启面板引擎</translation>
    </message>
    <message>
        <source>Use the next free port</source>
        <translation>使用下一个空闲端口</translation>
    </message>
    <message>
        <source>Listen again</source>
        <translation>重新监听</translation>
    </message>
    <message>
        <source>Switch the proxy on</source>
        <translation>开启代理</translation>
    </message>
    <message>
        <source>Resume the queue</source>
        <translation>恢复队列</translation>
    </message>
    <message>
        <source>Start it</source>
        <translation>启动它</translation>
    </message>
    <message>
        <source>Restart it</source>
        <translation>重启它</translation>
    </message>
    <message>
        <source>Start all instances</source>
        <translation>启动所有实例</translation>
    </message>
    <message>
        <source>Install Ollama</source>
        <translation>安装 Ollama</translation>
    </message>
    <message>
        <source>Take the address over</source>
        <translation>接管该地址</translation>
    </message>
    <message>
        <source>Give the address back</source>
        <translation>归还该地址</translation>
    </message>
    <message>
        <source>What to change…</source>
        <translation>需要改什么…</translation>
    </message>
    <message>
        <source>Context {tokens:count}</source>
        <translation>上下文 {tokens:count}</translation>
    </message>
    <message>
        <source>Use {path}</source>
        <translation>使用 {path}</translation>
    </message>
    <message>
        <source>Parallel {parallel:count}, workers {workers:count}</source>
        <translation>并行数 {parallel:count}，工作进程 {workers:count}</translation>
    </message>
    <message>
        <source>Parallel {parallel:count}</source>
        <translation>并行数 {parallel:count}</translation>
    </message>
    <message>
        <source>Workers {workers:count}</source>
        <translation>工作进程 {workers:count}</translation>
    </message>
    <message>
        <source>Set {variables}</source>
        <translation>设置 {variables}</translation>
    </message>
    <message>
        <source>Give it {gib:count} GiB</source>
        <translation>给它 {gib:count} GiB</translation>
    </message>
    <message>
        <source>Set the clock</source>
        <translation>校准时钟</translation>
    </message>
    <message>
        <source>Mend the driver</source>
        <translation>修复驱动</translation>
    </message>
    <message>
        <source>Switch heartbeats on</source>
        <translation>开启心跳</translation>
    </message>
    <message>
        <source>Remove the limit</source>
        <translation>去掉上限</translation>
    </message>
    <message>
        <source>Models fit into memory when they are loaded</source>
        <translation>模型加载时内存足够</translation>
    </message>
    <message>
        <source>The KV cache has the type that was asked for</source>
        <translation>KV 缓存采用所要求的类型</translation>
    </message>
    <message>
        <source>The contexts of all slots leave room for the model</source>
        <translation>所有槽位的上下文都给模型留有空间</translation>
    </message>
    <message>
        <source>The pools fit into memory together</source>
        <translation>各池合起来放得进内存</translation>
    </message>
    <message>
        <source>Containers may use the memory that their models need</source>
        <translation>容器可使用其模型所需的内存</translation>
    </message>
    <message>
        <source>The machine does not swap</source>
        <translation>机器没有使用交换空间</translation>
    </message>
    <message>
        <source>The disks of the models have room</source>
        <translation>模型所在磁盘有空间</translation>
    </message>
    <message>
        <source>The disks of the models are fast and can be written</source>
        <translation>模型所在磁盘速度快且可写</translation>
    </message>
    <message>
        <source>The clock is right</source>
        <translation>时钟正确</translation>
    </message>
    <message>
        <source>Ollama finds the cards</source>
        <translation>Ollama 能找到显卡</translation>
    </message>
    <message>
        <source>The driver is new enough and works</source>
        <translation>驱动足够新且工作正常</translation>
    </message>
    <message>
        <source>All layers of loaded models are on the cards</source>
        <translation>已加载模型的所有层都在显卡上</translation>
    </message>
    <message>
        <source>Models run on the cards, not on the processor</source>
        <translation>模型在显卡而不是处理器上运行</translation>
    </message>
    <message>
        <source>No card is slowed down</source>
        <translation>没有显卡被降速</translation>
    </message>
    <message>
        <source>Answers are as fast as they were measured</source>
        <translation>应答与测量时一样快</translation>
    </message>
    <message>
        <source>No card has failed</source>
        <translation>没有显卡发生故障</translation>
    </message>
    <message>
        <source>The models&apos; folders can be read</source>
        <translation>模型文件夹可以读取</translation>
    </message>
    <message>
        <source>Models have the context that was asked for</source>
        <translation>模型有所要求的上下文</translation>
    </message>
    <message>
        <source>No model is loaded again and again</source>
        <translation>没有模型反复重新加载</translation>
    </message>
    <message>
        <source>Clients ask for the options that models are loaded with</source>
        <translation>客户端要求的选项与模型加载时一致</translation>
    </message>
    <message>
        <source>Models with several slots can use them</source>
        <translation>有多个槽位的模型能用上它们</translation>
    </message>
    <message>
        <source>More requests at once bring something</source>
        <translation>同时处理更多请求确有收益</translation>
    </message>
    <message>
        <source>Servers share the cores</source>
        <translation>各服务器分用核心</translation>
    </message>
    <message>
        <source>All programs go through the queue</source>
        <translation>所有程序都经过队列</translation>
    </message>
    <message>
        <source>Requests are answered</source>
        <translation>请求得到应答</translation>
    </message>
    <message>
        <source>The queue has room</source>
        <translation>队列有空位</translation>
    </message>
    <message>
        <source>Clients wait long enough</source>
        <translation>客户端等待足够久</translation>
    </message>
    <message>
        <source>The panel&apos;s limits leave enough time</source>
        <translation>面板的上限留有足够时间</translation>
    </message>
    <message>
        <source>Prompts fit into the context</source>
        <translation>提示放得进上下文</translation>
    </message>
    <message>
        <source>Clients set options that Ollama knows</source>
        <translation>客户端设置的是 Ollama 认识的选项</translation>
    </message>
    <message>
        <source>The pools keep their promises</source>
        <translation>各池达到其 SLO</translation>
    </message>
    <message>
        <source>The panel serves, and its settings are right</source>
        <translation>面板正常服务，设置正确</translation>
    </message>
    <message>
        <source>{model} is only partly on the GPU</source>
        <translation>{model} 只有一部分在 GPU 上</translation>
    </message>
    <message>
        <source>Ollama has lost {cards}</source>
        <translation>Ollama 失去了 {cards}</translation>
    </message>
    <message>
        <source>{model}: each of {slots:count} slots has a context of {tokens:count} tokens, and not all of it fits on the GPU</source>
        <translation>{model}：{slots:count} 个槽位各有 {tokens:count} 个词元的上下文，GPU 放不下全部</translation>
    </message>
    <message>
        <source>The machine swaps: {swapped:bytes} are on the disk, and {free:bytes} of memory are left</source>
        <translation>机器正在使用交换空间：{swapped:bytes} 在磁盘上，内存只剩 {free:bytes}</translation>
    </message>
    <message>
        <source>The pools need {needed:bytes}, but models may use {budget:bytes}</source>
        <translation>各池需要 {needed:bytes}，而模型只能使用 {budget:bytes}</translation>
    </message>
    <message>
        <source>The disk of {path} is mounted read-only</source>
        <translation>{path} 所在磁盘以只读方式挂载</translation>
    </message>
    <message>
        <source>{path} is a folder of Windows, seen from Linux ({kind})</source>
        <translation>{path} 是从 Linux 访问的 Windows 文件夹（{kind}）</translation>
    </message>
    <message>
        <source>The clock of this machine is {seconds:seconds} ahead</source>
        <translation>本机时钟快了 {seconds:seconds}</translation>
    </message>
    <message>
        <source>The clock of this machine is {seconds:seconds} behind</source>
        <translation>本机时钟慢了 {seconds:seconds}</translation>
    </message>
    <message>
        <source>The NVIDIA driver {version} is older than {oldest:count}</source>
        <translation>NVIDIA 驱动 {version} 低于 {oldest:count}</translation>
    </message>
    <message>
        <source>{model} runs on the processor, though {card} is there</source>
        <translation>虽然有 {card}，{model} 仍在处理器上运行</translation>
    </message>
    <message>
        <source>{card} is slowed down by {reasons}</source>
        <translation>{card} 因{reasons}而降速</translation>
    </message>
    <message>
        <source>{model} was loaded {times:count} times in ten minutes</source>
        <translation>{model} 在十分钟内加载了 {times:count} 次</translation>
    </message>
    <message>
        <source>Parallel {more:count} gives pool {pool} no more than {fewer:count}</source>
        <translation>池 {pool} 的并行数 {more:count} 并不比 {fewer:count} 快</translation>
    </message>
    <message>
        <source>{more:count} workers of {slots:count} slots give pool {pool} no more than {fewer:count} of {fewer_slots:count}</source>
        <translation>池 {pool} 用 {more:count} 个各有 {slots:count} 个槽位的工作进程，并不比 {fewer:count} 个各有 {fewer_slots:count} 个槽位的快</translation>
    </message>
    <message>
        <source>{model} gains nothing beyond {limit:count} of {slots:count} slots</source>
        <translation>{model} 超过 {slots:count} 个槽位中的 {limit:count} 个后没有收益</translation>
    </message>
    <message>
        <source>Pool {pool}: {seconds:seconds} of the last {requests:count} requests were loads of their model</source>
        <translation>池 {pool}：最近 {requests:count} 个请求中有 {seconds:seconds} 用于加载模型</translation>
    </message>
    <message>
        <source>{runners:count} servers compute with all cores each</source>
        <translation>{runners:count} 个服务器各自占用全部核心</translation>
    </message>
    <message>
        <source>The queue was full for {refused:count} of the last requests: {limit:count} may wait</source>
        <translation>最近有 {refused:count} 个请求遇到队列已满：最多可等待 {limit:count} 个</translation>
    </message>
    <message>
        <source>{client} gives up after {seconds:seconds}: {times:count} of its last requests</source>
        <translation>{client} 在 {seconds:seconds} 后放弃：最近有 {times:count} 个请求如此</translation>
    </message>
    <message>
        <source>The panel has ended {times:count} of the last requests by its limit {key} of {limit:number} s</source>
        <translation>面板按 {key} 的上限 {limit:number} 秒结束了最近的 {times:count} 个请求</translation>
    </message>
    <message>
        <source>This Ollama has no code for this GPU ({library})</source>
        <translation>此 Ollama 没有适用于该 GPU 的代码（{library}）</translation>
    </message>
    <message>
        <source>The models&apos; folder {path} cannot be used</source>
        <translation>模型文件夹 {path} 无法使用</translation>
    </message>
    <message>
        <source>The container {name} was killed for its memory</source>
        <translation>容器 {name} 因内存不足被终止</translation>
    </message>
    <message>
        <source>The container {name} may use {limit:bytes}, but {model} needs {needed:bytes} of main memory</source>
        <translation>容器 {name} 只能使用 {limit:bytes}，而 {model} 需要 {needed:bytes} 主内存</translation>
    </message>
    <message>
        <source>The GPU&apos;s driver fails, so that Ollama cannot use the card</source>
        <translation>GPU 驱动出错，Ollama 无法使用显卡</translation>
    </message>
    <message>
        <source>The models&apos; folder {path} does not exist</source>
        <translation>模型文件夹 {path} 不存在</translation>
    </message>
    <message>
        <source>The models&apos; folder {path} cannot be read</source>
        <translation>无法读取模型文件夹 {path}</translation>
    </message>
    <message>
        <source>Ollama runs with what was set for it</source>
        <translation>Ollama 按所设的值运行</translation>
    </message>
    <message>
        <source>Ollama&apos;s commands ask where a server listens</source>
        <translation>Ollama 的命令访问的地址上有服务器</translation>
    </message>
    <message>
        <source>No server tells with which variables it runs: its user and administrators can see them.</source>
        <translation>没有服务器说明自己用哪些变量运行：只有它的用户和管理员能看到。</translation>
    </message>
    <message>
        <source>No server tells its version.</source>
        <translation>没有服务器说明自己的版本。</translation>
    </message>
    <message>
        <source>Where the servers listen is unknown.</source>
        <translation>服务器监听的地址未知。</translation>
    </message>
    <message>
        <source>Which programs listen on which port is unknown.</source>
        <translation>哪些程序监听哪些端口未知。</translation>
    </message>
    <message>
        <source>Mend the line</source>
        <translation>修正这一行</translation>
    </message>
    <message>
        <source>Mend {count:count} lines</source>
        <translation>修正 {count:count} 行</translation>
    </message>
    <message>
        <source>Read the files and restart {unit}</source>
        <translation>重新读取文件并重启 {unit}</translation>
    </message>
    <message>
        <source>Restart {server}</source>
        <translation>重启 {server}</translation>
    </message>
    <message>
        <source>Set it for {owner}</source>
        <translation>为 {owner} 设置</translation>
    </message>
    <message>
        <source>Move it to {unit}</source>
        <translation>移到 {unit}</translation>
    </message>
    <message>
        <source>Switch {unit} off</source>
        <translation>停用 {unit}</translation>
    </message>
    <message>
        <source>Let only this machine in</source>
        <translation>只允许本机访问</translation>
    </message>
    <message>
        <source>{path} was changed after Ollama was started, and a server reads its variables as it starts.</source>
        <translation>{path} 在 Ollama 启动之后改动过，而服务器只在启动时读取变量。</translation>
    </message>
    <message>
        <source>Ollama was started before that was set. A program keeps the variables that it was started with: quit it and open it again.</source>
        <translation>Ollama 是在设置之前启动的。程序会一直使用启动时的变量：请退出后重新打开。</translation>
    </message>
    <message>
        <source>The container was made before {path} was changed, and a restart keeps its variables: it must be made anew.</source>
        <translation>容器是在 {path} 改动之前创建的，重启会保留它的变量：必须重新创建容器。</translation>
    </message>
    <message>
        <source>The server that runs ({owner}) does not have it. It may have been started in another way; if a restart does not help, see what its start command does.</source>
        <translation>运行中的服务器（{owner}）没有这个值。它可能是以别的方式启动的；如果重启没有用，请检查它的启动命令。</translation>
    </message>
    <message>
        <source>{path} is for programs that are started in a shell. Ollama is started by something else ({owner}), which does not read it.</source>
        <translation>{path} 只对从 shell 启动的程序有效。Ollama 由别的方式启动（{owner}），不会读取它。</translation>
    </message>
    <message>
        <source>systemd reads the files of a unit again only by `systemctl daemon-reload`.</source>
        <translation>systemd 只有在执行 `systemctl daemon-reload` 后才会重新读取单元的文件。</translation>
    </message>
    <message>
        <source>{name} is {value} in {path} and {lost} in {other}: {value} counts.</source>
        <translation>{name} 在 {path} 中是 {value}，在 {other} 中是 {lost}：以 {value} 为准。</translation>
    </message>
    <message>
        <source>What is read last wins. Keep one of the lines, so that nobody changes the wrong one.</source>
        <translation>最后读取的为准。请只保留其中一行，以免有人改错地方。</translation>
    </message>
    <message>
        <source>Ollama runs as {right}. systemd keeps drop-ins of {unit} for a unit of that name.</source>
        <translation>Ollama 以 {right} 运行。systemd 只把 {unit} 的附加文件用于同名的单元。</translation>
    </message>
    <message>
        <source>Only one server can have a port. While {unit} is switched on, it tries again and again.</source>
        <translation>一个端口只能有一个服务器。只要 {unit} 处于启用状态，它就会一再尝试。</translation>
    </message>
    <message>
        <source>Which of them answers depends on the address that a client uses, so that models and settings seem to change.</source>
        <translation>由哪一个回答取决于客户端所用的地址，因此模型和设置看起来会变来变去。</translation>
    </message>
    <message>
        <source>It ends with an error soon after its start. `{command}` shows all that it says.</source>
        <translation>它启动后很快因错误退出。`{command}` 会显示它的全部输出。</translation>
    </message>
    <message>
        <source>It ends with an error soon after its start. Its log says why.</source>
        <translation>它启动后很快因错误退出。原因见它的日志。</translation>
    </message>
    <message>
        <source>It can neither make nor enter {path}. The user that it runs as must be able to write there, and to pass every folder above: give the folder to that user, or set OLLAMA_MODELS to another one.</source>
        <translation>它无法创建或进入 {path}。运行它的用户必须能写入该文件夹，并能进入它上面的每一级文件夹：请把该文件夹交给这个用户，或将 OLLAMA_MODELS 设为另一个文件夹。</translation>
    </message>
    <message>
        <source>Update Ollama.</source>
        <translation>请更新 Ollama。</translation>
    </message>
    <message>
        <source>An update replaces the program on the disk; the server goes on with the old one.</source>
        <translation>更新会替换磁盘上的程序；服务器仍在运行旧的程序。</translation>
    </message>
    <message>
        <source>Several versions of Ollama run: {versions}.</source>
        <translation>有多个版本的 Ollama 在运行：{versions}。</translation>
    </message>
    <message>
        <source>They may understand other variables and models, and an older one may not load what a newer one has pulled.</source>
        <translation>它们支持的变量和模型可能不同，旧版本也许无法加载新版本拉取的模型。</translation>
    </message>
    <message>
        <source>Docker on a Mac runs in a virtual machine without the GPU. Ollama&apos;s app has it.</source>
        <translation>Mac 上的 Docker 在没有 GPU 的虚拟机中运行。Ollama 的应用可以用 GPU。</translation>
    </message>
    <message>
        <source>Another panel runs servers on this machine: {servers}.</source>
        <translation>这台机器上有另一个面板在运行服务器：{servers}。</translation>
    </message>
    <message>
        <source>Each panel plans with the whole memory, so that models of both may not fit.</source>
        <translation>每个面板都按全部内存来规划，因此两者的模型可能放不下。</translation>
    </message>
    <message>
        <source>Ollama asks nobody for a key: who reaches it can use, pull and delete models. Let it listen on 127.0.0.1, and other machines use the panel, which asks for a key.</source>
        <translation>Ollama 不要求密钥：能访问它的人可以使用、拉取和删除模型。让它监听 127.0.0.1，其他机器则使用要求密钥的面板。</translation>
    </message>
    <message>
        <source>Ollama asks nobody for a key: who reaches it can use, pull and delete models. Publish its port as 127.0.0.1:{port}, and let other machines use the panel, which asks for a key.</source>
        <translation>Ollama 不要求密钥：能访问它的人可以使用、拉取和删除模型。请将其端口发布为 127.0.0.1:{port}，让其他机器使用要求密钥的面板。</translation>
    </message>
    <message>
        <source>Set proxy.require_key to auto, and add a key by `ollama-panel keys add NAME`.</source>
        <translation>请把 proxy.require_key 设为 auto，并用 `ollama-panel keys add NAME` 添加密钥。</translation>
    </message>
    <message>
        <source>{program} listens on port {port}, which is the panel&apos;s.</source>
        <translation>{program} 监听端口 {port}，而那是面板的端口。</translation>
    </message>
    <message>
        <source>The panel takes the next free port, or another one that you set: proxy.port.</source>
        <translation>面板会用下一个空闲的端口，或者您另设的端口：proxy.port。</translation>
    </message>
    <message>
        <source>Ollama&apos;s commands then say that they cannot connect. Correct or unset the variable.</source>
        <translation>Ollama 的命令会因此报告无法连接。请改正或取消这个变量。</translation>
    </message>
    <message>
        <source>{unit} was changed, but systemd goes on with what it has read before.</source>
        <translation>{unit} 已改动，但 systemd 仍在用以前读取的内容。</translation>
    </message>
    <message>
        <source>{path} has no effect: there is no unit {unit}.</source>
        <translation>{path} 不起作用：没有单元 {unit}。</translation>
    </message>
    <message>
        <source>{servers} listen on the same port, {port}.</source>
        <translation>{servers} 监听同一个端口 {port}。</translation>
    </message>
    <message>
        <source>{server} still runs Ollama {running}, but {version} is installed.</source>
        <translation>{server} 仍在运行 Ollama {running}，而已安装的是 {version}。</translation>
    </message>
    <message>
        <source>The container {name} computes on the processor alone.</source>
        <translation>容器 {name} 只用处理器计算。</translation>
    </message>
    <message>
        <source>Everybody in the network can use {server} at {address} ({owner}) without a key.</source>
        <translation>网络中的任何人都能在 {address} 使用 {server}（{owner}），无需密钥。</translation>
    </message>
    <message>
        <source>Everybody in the network can use the panel at {host} without a key.</source>
        <translation>网络中的任何人都能在 {host} 使用面板，无需密钥。</translation>
    </message>
    <message>
        <source>OLLAMA_HOST is {value} in your session, but no server listens there; they listen on {places}.</source>
        <translation>您的会话中 OLLAMA_HOST 是 {value}，但那里没有服务器监听；服务器监听的是 {places}。</translation>
    </message>
    <message>
        <source>Ollama {version} may work on one request at a time, whatever parallel is set: {mended} has mended that.</source>
        <translation>Ollama {version} 可能一次只处理一个请求，无论并行数设为多少：{mended} 已修复。</translation>
    </message>
    <message>
        <source>{name} must be a whole path: Ollama makes a folder of the very name &quot;{given}&quot;.</source>
        <translation>{name} 必须是完整路径：Ollama 会创建一个名字就叫“{given}”的文件夹。</translation>
    </message>
    <message>
        <source>{name} must be a whole path, such as /srv/models or D:\models, not &quot;{given}&quot;, which depends on where the server was started.</source>
        <translation>{name} 必须是完整路径，例如 /srv/models 或 D:\models，而不是“{given}”，后者取决于服务器从哪里启动。</translation>
    </message>
    <message>
        <source>{unit} does not run: it ends with an error.</source>
        <translation>{unit} 没有运行：它因错误退出。</translation>
    </message>
    <message>
        <source>{name} is set to {wanted}, but Ollama runs with {found}.</source>
        <translation>{name} 设为 {wanted}，但 Ollama 以 {found} 运行。</translation>
    </message>
    <message>
        <source>Parallel is set to {wanted}, but Ollama runs with {found}.</source>
        <translation>并行数设为 {wanted}，但 Ollama 以 {found} 运行。</translation>
    </message>
    <message>
        <source>The context length is set to {wanted}, but Ollama runs with {found}.</source>
        <translation>上下文长度设为 {wanted}，但 Ollama 以 {found} 运行。</translation>
    </message>
    <message>
        <source>{name} is set to {wanted}, but Ollama runs without it.</source>
        <translation>{name} 设为 {wanted}，但 Ollama 运行时没有它。</translation>
    </message>
    <message>
        <source>Ollama does not run with what is set: {names}.</source>
        <translation>Ollama 没有按所设的值运行：{names}。</translation>
    </message>
    <message>
        <source>{unit} cannot start: port {port} belongs to {who}.</source>
        <translation>{unit} 无法启动：端口 {port} 属于 {who}。</translation>
    </message>
    <message>
        <source>Ollama {version} lets everybody who reaches it run programs on this machine (CVE-2024-37032); {mended} has mended that.</source>
        <translation>Ollama {version} 让任何能访问它的人在这台机器上运行程序（CVE-2024-37032）；{mended} 已修复。</translation>
    </message>
    <message>
        <source>Ollama {version} lets everybody who reaches it read its memory, with prompts and keys (CVE-2026-7482); {mended} has mended that.</source>
        <translation>Ollama {version} 让任何能访问它的人读取它的内存，包括提示和密钥（CVE-2026-7482）；{mended} 已修复。</translation>
    </message>
    <message>
        <source>Workers of the pool {pool}: {workers:count}, as {servers}.</source>
        <translation>池 {pool} 的工作进程：{workers:count} 个，与 {servers} 一致。</translation>
    </message>
    <message>
        <source>The models {models} are meant for the pool {pool}.</source>
        <translation>模型 {models} 归池 {pool} 使用。</translation>
    </message>
    <message>
        <source>The pool {pool} gets the use that the name of its server says.</source>
        <translation>池 {pool} 采用其服务器名称所说的用途。</translation>
    </message>
    <message>
        <source>{name}={value} becomes Parallel of the pool {pool}.</source>
        <translation>{name}={value} 成为池 {pool} 的“并行”。</translation>
    </message>
    <message>
        <source>{name}={value} becomes Context length of the pool {pool}.</source>
        <translation>{name}={value} 成为池 {pool} 的“上下文长度”。</translation>
    </message>
    <message>
        <source>{name}={value} goes into the environment of the pool {pool}.</source>
        <translation>{name}={value} 写入池 {pool} 的环境变量。</translation>
    </message>
    <message>
        <source>{name}={value} becomes the models folder of all workers.</source>
        <translation>{name}={value} 成为所有工作进程的模型文件夹。</translation>
    </message>
    <message>
        <source>Web pages of {origin} may call the panel.</source>
        <translation>{origin} 的网页可以调用面板。</translation>
    </message>
    <message>
        <source>Workers have addresses of their own: clients use that of the panel, {url}.</source>
        <translation>工作进程有自己的地址：客户端使用面板的地址 {url}。</translation>
    </message>
    <message>
        <source>Each worker of the pool {pool} sees all cards, and loads a model where there is room.</source>
        <translation>池 {pool} 的每个工作进程都能看到所有显卡，模型加载到有空间的显卡上。</translation>
    </message>
    <message>
        <source>The panel sets it for its workers by itself.</source>
        <translation>面板会自行为其工作进程设置它。</translation>
    </message>
    <message>
        <source>The folder is the same for all workers.</source>
        <translation>所有工作进程使用同一个文件夹。</translation>
    </message>
    <message>
        <source>The folder {path} is inside the container; it is not known where it is on this machine.</source>
        <translation>文件夹 {path} 在容器内部；不知道它在本机的位置。</translation>
    </message>
    <message>
        <source>{server} becomes no worker: the pool {pool} has {workers:count}, and no pool may have more.</source>
        <translation>{server} 不会成为工作进程：池 {pool} 已有 {workers:count} 个工作进程，这是一个池的上限。</translation>
    </message>
    <message>
        <source>The container may use {bytes:bytes} of memory; workers of the panel have no such limit.</source>
        <translation>该容器最多可用 {bytes:bytes} 内存；面板的工作进程没有这种限制。</translation>
    </message>
    <message>
        <source>It is empty, which is the same as not set.</source>
        <translation>它是空的，等于没有设置。</translation>
    </message>
    <message>
        <source>{name}=0 leaves the number to Ollama; the pool keeps its own.</source>
        <translation>{name}=0 表示由 Ollama 决定数量；池保留自己的值。</translation>
    </message>
    <message>
        <source>No server of Ollama reads {name}.</source>
        <translation>没有任何 Ollama 服务器读取 {name}。</translation>
    </message>
    <message>
        <source>Another line sets it to another value, which wins.</source>
        <translation>另一行将它设为别的值，以那一行为准。</translation>
    </message>
    <message>
        <source>Only a client reads it, not the server.</source>
        <translation>只有客户端读取它，服务器不读取。</translation>
    </message>
    <message>
        <source>It reaches no server.</source>
        <translation>它到达不了任何服务器。</translation>
    </message>
    <message>
        <source>It does not count here: {path} sets up the same server.</source>
        <translation>它在此不起作用：{path} 设置的是同一台服务器。</translation>
    </message>
    <message>
        <source>Listen for other machines, at {host}</source>
        <translation>为其他机器监听 {host}</translation>
    </message>
    <message>
        <source>The server does so. The panel asks clients on other machines for an API key, which Ollama does not: make one for each before they move.</source>
        <translation>该服务器就是这样做的。面板会向其他机器上的客户端要求 API 密钥，而 Ollama 不要求：请在它们迁移之前为每个客户端创建一个。</translation>
    </message>
    <message>
        <source>Let all web pages call the panel (*)</source>
        <translation>允许所有网页调用面板（*）</translation>
    </message>
    <message>
        <source>The server does so: any page that is open in a browser here can use the models. Better name the pages in the settings.</source>
        <translation>该服务器就是这样做的：在此处浏览器中打开的任何网页都能使用模型。最好在设置中逐一列出网页。</translation>
    </message>
    <message>
        <source>Nothing in {sources} could be taken.</source>
        <translation>{sources} 中没有可以采用的内容。</translation>
    </message>
    <message>
        <source>Nothing on this machine sets up a server of Ollama.</source>
        <translation>本机上没有任何东西设置 Ollama 服务器。</translation>
    </message>
    <message>
        <source>Name what to import: a path, a unit, a container, or auto.</source>
        <translation>请指明要导入什么：路径、单元、容器，或 auto。</translation>
    </message>
    <message>
        <source>The sources or the settings have changed since the preview: look at it again.</source>
        <translation>预览之后来源或设置已有变化：请重新查看。</translation>
    </message>
    <message>
        <source>There is no import to undo.</source>
        <translation>没有可以撤销的导入。</translation>
    </message>
    <message>
        <source>Set again by {path}, line {line}.</source>
        <translation>{path} 第 {line} 行再次设置了它。</translation>
    </message>
    <message>
        <source>Taken back by {path}, line {line}, with all that was set before.</source>
        <translation>{path} 第 {line} 行将它连同之前的全部设置一并清除。</translation>
    </message>
    <message>
        <source>Taken away again later.</source>
        <translation>后来又被取消。</translation>
    </message>
    <message>
        <source>Taken away by {path}, line {line}.</source>
        <translation>被 {path} 第 {line} 行取消。</translation>
    </message>
    <message>
        <source>&quot;{name}&quot; is no name that a variable can have.</source>
        <translation>“{name}”不能用作变量名。</translation>
    </message>
    <message>
        <source>Not exported, so that only the shell itself has it.</source>
        <translation>未导出，只有该 shell 自己能看到。</translation>
    </message>
    <message>
        <source>{program} does not pass it on.</source>
        <translation>{program} 不会传递它。</translation>
    </message>
    <message>
        <source>Set after the server has been started.</source>
        <translation>在服务器启动之后才设置。</translation>
    </message>
    <message>
        <source>Only clients read it here.</source>
        <translation>这里只有客户端会读取它。</translation>
    </message>
    <message>
        <source>A variable of {unit}, which does not start Ollama&apos;s server.</source>
        <translation>属于 {unit} 的变量，而它并不启动 Ollama 服务器。</translation>
    </message>
    <message>
        <source>Nothing reads this file.</source>
        <translation>没有程序读取此文件。</translation>
    </message>
    <message>
        <source>{name} has quotes inside its value, {given}. Ollama takes them off; no other program does: leave them out.</source>
        <translation>{name} 的值 {given} 内含引号。Ollama 会去掉它们，其他程序不会：请去掉引号。</translation>
    </message>
    <message>
        <source>Not a text, so that launchd leaves it out.</source>
        <translation>不是文本，launchd 会忽略它。</translation>
    </message>
    <message>
        <source>A variable of {label}, which does not start Ollama&apos;s server.</source>
        <translation>属于 {label} 的变量，而它并不启动 Ollama 服务器。</translation>
    </message>
    <message>
        <source>A variable of Podman itself, not of the container.</source>
        <translation>Podman 自身的变量，不属于容器。</translation>
    </message>
    <message>
        <source>Of the type {type}, which is no text: Windows leaves it out.</source>
        <translation>类型为 {type}，不是文本：Windows 会忽略它。</translation>
    </message>
    <message>
        <source>Set for this window alone, and what is started from it.</source>
        <translation>只对此窗口以及从中启动的程序有效。</translation>
    </message>
    <message>
        <source>{name} has quotes inside its value, {given}, and they are a part of it: leave them out.</source>
        <translation>{name} 的值 {given} 内含引号，引号会成为值的一部分：请去掉。</translation>
    </message>
    <message>
        <source>The panel cannot read {path}: {why}</source>
        <translation>面板无法读取 {path}：{why}</translation>
    </message>
    <message>
        <source>The environment file {path} was not among what was read: what it sets is unknown, and without it the service does not start.</source>
        <translation>读取的内容中没有环境文件 {path}：其中的设置未知；缺少该文件时服务不会启动。</translation>
    </message>
    <message>
        <source>systemd leaves out what it cannot read here, a quote that is left open or an unknown escape: {given}</source>
        <translation>systemd 会忽略这里无法解析的内容（未闭合的引号或未知的转义）：{given}</translation>
    </message>
    <message>
        <source>{name} is not set: systemd knows no key of that name. Write Environment={name}=….</source>
        <translation>{name} 没有生效：systemd 没有这个名称的键。请写成 Environment={name}=…。</translation>
    </message>
    <message>
        <source>{name} is not set: a file of variables has lines such as NAME=VALUE, without &quot;Environment=&quot; as in a unit.</source>
        <translation>{name} 没有生效：变量文件的每行应为 NAME=VALUE，不像单元文件那样带有“Environment=”。</translation>
    </message>
    <message>
        <source>{name} is not set: no other words may stand before the name.</source>
        <translation>{name} 没有生效：名称前面不能有其他词。</translation>
    </message>
    <message>
        <source>The quote in the value of {name} is never closed, so that the lines after it become a part of the value: close it.</source>
        <translation>{name} 的值中引号没有闭合，后面的行都成了值的一部分：请补上引号。</translation>
    </message>
    <message>
        <source>{name} is not set: it is before the first section. Put it under [{section}].</source>
        <translation>{name} 没有生效：它位于第一个小节之前。请放到 [{section}] 下面。</translation>
    </message>
    <message>
        <source>{name} is in [{given}], where the server does not get it: put it under [{section}].</source>
        <translation>{name} 位于 [{given}] 中，服务器得不到它：请放到 [{section}] 下面。</translation>
    </message>
    <message>
        <source>systemd does not read {path}: the file must be {wanted} in the same folder as before.</source>
        <translation>systemd 不会读取 {path}：在原来的目录中，文件应为 {wanted}。</translation>
    </message>
    <message>
        <source>{name} is not set: systemd knows no &quot;export&quot; here. Leave the word out.</source>
        <translation>{name} 没有生效：systemd 在这里不认识“export”。请去掉这个词。</translation>
    </message>
    <message>
        <source>The value of {name} is &quot;{given}&quot;: a comment must have a line of its own.</source>
        <translation>{name} 的值成了“{given}”：注释必须单独成行。</translation>
    </message>
    <message>
        <source>{name} is &quot;{given}&quot; to the letter: nothing fills in a home or a variable here. Write the whole path.</source>
        <translation>{name} 的值就是字面上的“{given}”：这里不会展开主目录或变量。请写出完整路径。</translation>
    </message>
    <message>
        <source>{name} is &quot;{given}&quot; to the letter, because of its quotes: write $HOME in double quotes.</source>
        <translation>由于引号的缘故，{name} 的值就是字面上的“{given}”：请把 $HOME 写在双引号中。</translation>
    </message>
    <message>
        <source>The server does not get {names}: {program} does not pass them on. Name them in its command.</source>
        <translation>服务器得不到 {names}：{program} 不会传递它们。请在它的命令中写明。</translation>
    </message>
    <message>
        <source>{name} is set for the shell alone, and no server gets it: write &quot;export&quot; in front of it.</source>
        <translation>{name} 只在 shell 内有效，服务器得不到它：请在前面加上“export”。</translation>
    </message>
    <message>
        <source>{name} is set after the server has been started, which does not get it any more: set it before.</source>
        <translation>{name} 在服务器启动之后才设置，服务器已经得不到它：请提前设置。</translation>
    </message>
    <message>
        <source>{name} is set in this shell, but &quot;{command}&quot; starts a service, which does not get the variables of the shell: set it where the service is set up.</source>
        <translation>{name} 只在此 shell 中设置，而“{command}”启动的是服务，服务得不到 shell 的变量：请在服务的配置中设置。</translation>
    </message>
    <message>
        <source>What launchctl setenv sets is lost at the next reboot, and programs that run already do not get it: set it by an agent that runs at each login.</source>
        <translation>launchctl setenv 的设置在下次重启后丢失，已在运行的程序也得不到：请用每次登录时运行的代理来设置。</translation>
    </message>
    <message>
        <source>{path} is no property list in XML: turn a binary one into XML by &quot;plutil -convert xml1&quot;.</source>
        <translation>{path} 不是 XML 格式的属性列表：二进制格式请用“plutil -convert xml1”转换。</translation>
    </message>
    <message>
        <source>{name} is not set: launchd takes texts only, not {given}. Write it as &lt;string&gt;.</source>
        <translation>{name} 没有生效：launchd 只接受文本，不接受 {given}。请写成 &lt;string&gt;。</translation>
    </message>
    <message>
        <source>{name} is not set: it must be in EnvironmentVariables.</source>
        <translation>{name} 没有生效：必须放在 EnvironmentVariables 中。</translation>
    </message>
    <message>
        <source>What is set here reaches only programs that are started afterwards: quit Ollama in the tray and start it again.</source>
        <translation>这里的设置只对之后启动的程序有效：请在托盘中退出 Ollama 并重新启动。</translation>
    </message>
    <message>
        <source>setx takes the name and the value as two words, without a sign between them: write setx {name} &quot;{value}&quot;.</source>
        <translation>setx 的名称和值是两个词，中间没有等号：请写成 setx {name} &quot;{value}&quot;。</translation>
    </message>
    <message>
        <source>{name} is set by setx for programs that are started later, not for the server that this script starts: add a line with set.</source>
        <translation>{name} 由 setx 设置，只对之后启动的程序有效，对本脚本启动的服务器无效：请加一行 set。</translation>
    </message>
    <message>
        <source>{name} is set as a variable of PowerShell alone, and no server gets it: write $env:{name}.</source>
        <translation>{name} 只设置为 PowerShell 自己的变量，服务器得不到它：请写成 $env:{name}。</translation>
    </message>
    <message>
        <source>{name} is not set: in PowerShell &quot;set&quot; makes a variable of another kind. Write $env:{name} = &quot;…&quot;.</source>
        <translation>{name} 没有生效：在 PowerShell 中“set”设置的是另一种变量。请写成 $env:{name} = &quot;…&quot;。</translation>
    </message>
    <message>
        <source>{name} is not set: in fish write set -gx {name} VALUE, without a =.</source>
        <translation>{name} 没有生效：在 fish 中请写 set -gx {name} VALUE，不带 =。</translation>
    </message>
    <message>
        <source>{name} is set for the shell alone, and no server gets it: write set -gx.</source>
        <translation>{name} 只在 shell 内有效，服务器得不到它：请写成 set -gx。</translation>
    </message>
    <message>
        <source>{name} is set for this window alone, and nothing here starts a server, so that none gets it: use setx, or start the server from here.</source>
        <translation>{name} 只对此窗口有效，而这里没有启动服务器，因此服务器得不到它：请使用 setx，或从这里启动服务器。</translation>
    </message>
    <message>
        <source>Ollama does not read {name}.</source>
        <translation>Ollama 不读取 {name}。</translation>
    </message>
    <message>
        <source>A later line sets it again, and that counts.</source>
        <translation>后面的一行又设置了它，以那一行为准。</translation>
    </message>
    <message>
        <source>Its name is not {name}, but ends in a blank.</source>
        <translation>它的名称不是 {name}，末尾多了一个空格。</translation>
    </message>
    <message>
        <source>{program} gets it, not Ollama&apos;s server.</source>
        <translation>收到它的是 {program}，而不是 Ollama 的服务器。</translation>
    </message>
    <message>
        <source>Compose takes {name} from the shell that starts it; the file has no value.</source>
        <translation>Compose 从启动它的 shell 中取 {name} 的值；文件中没有值。</translation>
    </message>
    <message>
        <source>{service} starts only with one of its profiles: {profiles}.</source>
        <translation>{service} 只在启用其配置档之一时启动：{profiles}。</translation>
    </message>
    <message>
        <source>Compose fills the file from .env; no container gets it.</source>
        <translation>Compose 只用 .env 填充该文件；没有容器会收到它。</translation>
    </message>
    <message>
        <source>{name} comes from {kind}, which is not in these files.</source>
        <translation>{name} 来自 {kind}，它不在这些文件中。</translation>
    </message>
    <message>
        <source>{key} is not enabled, so that its chart starts no server.</source>
        <translation>{key} 未启用，因此它的 chart 不会启动服务器。</translation>
    </message>
    <message>
        <source>Only Nix knows the value of {name}: {written}.</source>
        <translation>只有 Nix 知道 {name} 的值：{written}。</translation>
    </message>
    <message>
        <source>{path} is no YAML: {cause} (line {line}).</source>
        <translation>{path} 不是 YAML:{cause}(第 {line} 行)。</translation>
    </message>
    <message>
        <source>{path} is no JSON: {cause}.</source>
        <translation>{path} 不是 JSON:{cause}。</translation>
    </message>
    <message>
        <source>The blank before the equals sign is a part of the name, so that Ollama finds no {name}: take it out.</source>
        <translation>等号前的空格成了名称的一部分，因此 Ollama 找不到 {name}：请去掉它。</translation>
    </message>
    <message>
        <source>The services of the system</source>
        <translation>系统的服务</translation>
    </message>
    <message>
        <source>The services of the user</source>
        <translation>用户的服务</translation>
    </message>
    <message>
        <source>The graphics cards</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>Where settings usually are</source>
        <translation>通常存放设置的位置</translation>
    </message>
    <message>
        <source>When files were changed</source>
        <translation>文件的修改时间</translation>
    </message>
    <message>
        <source>The running processes</source>
        <translation>正在运行的进程</translation>
    </message>
    <message>
        <source>The versions of the programs</source>
        <translation>程序的版本</translation>
    </message>
    <message>
        <source>The logs of the servers</source>
        <translation>服务器的日志</translation>
    </message>
    <message>
        <source>What the servers answer</source>
        <translation>服务器的回答</translation>
    </message>
    <message>
        <source>The ports that are taken</source>
        <translation>已占用的端口</translation>
    </message>
    <message>
        <source>The folders of the models</source>
        <translation>模型文件夹</translation>
    </message>
    <message>
        <source>The disks</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>The containers of {program}</source>
        <translation>{program} 的容器</translation>
    </message>
    <message>
        <source>The log of process {pid}</source>
        <translation>进程 {pid} 的日志</translation>
    </message>
    <message>
        <source>The variables of process {pid}</source>
        <translation>进程 {pid} 的变量</translation>
    </message>
    <message>
        <source>What {part} tells</source>
        <translation>{part} 提供的信息</translation>
    </message>
    <message>
        <source>{failed:count} of the last {ended:count} requests have failed</source>
        <translation>最近 {ended:count} 个请求中有 {failed:count} 个失败</translation>
    </message>
    <message>
        <source>The services of Ollama start</source>
        <translation>Ollama 的服务能够启动</translation>
    </message>
    <message>
        <source>Each unit is known to systemd in its newest version</source>
        <translation>systemd 已读取每个单元的最新版本</translation>
    </message>
    <message>
        <source>Nothing was changed since Ollama was started</source>
        <translation>Ollama 启动之后没有改动过设置</translation>
    </message>
    <message>
        <source>No two places contradict each other</source>
        <translation>没有两处互相矛盾</translation>
    </message>
    <message>
        <source>The variables of running servers are right</source>
        <translation>运行中的服务器的变量正确</translation>
    </message>
    <message>
        <source>Nothing is set where no server reads it</source>
        <translation>没有设在服务器不会读取的地方</translation>
    </message>
    <message>
        <source>Drop-ins are of units that exist</source>
        <translation>附加文件所属的单元都存在</translation>
    </message>
    <message>
        <source>Every line is where it is read</source>
        <translation>每一行都在会被读取的位置</translation>
    </message>
    <message>
        <source>Quotes, comments and paths mean what they should</source>
        <translation>引号、注释和路径的含义与预期一致</translation>
    </message>
    <message>
        <source>What is set is set for the server</source>
        <translation>所设的值是为服务器设的</translation>
    </message>
    <message>
        <source>No dead, invented or misspelt variables</source>
        <translation>没有失效、虚构或拼错的变量</translation>
    </message>
    <message>
        <source>Values that Ollama understands, in the right units</source>
        <translation>值是 Ollama 能理解的，单位正确</translation>
    </message>
    <message>
        <source>What is set outlives a reboot and an update</source>
        <translation>设置在重启和更新后仍然保留</translation>
    </message>
    <message>
        <source>Containers reach the card and are reached</source>
        <translation>容器能用显卡，也能被访问</translation>
    </message>
    <message>
        <source>No other mistakes in files of settings</source>
        <translation>设置文件中没有其他错误</translation>
    </message>
    <message>
        <source>No two servers want one port</source>
        <translation>没有两个服务器争用一个端口</translation>
    </message>
    <message>
        <source>No version that is known to be bad</source>
        <translation>没有已知有问题的版本</translation>
    </message>
    <message>
        <source>Servers run the program that is installed</source>
        <translation>服务器运行的就是已安装的程序</translation>
    </message>
    <message>
        <source>One version of Ollama</source>
        <translation>只有一个版本的 Ollama</translation>
    </message>
    <message>
        <source>No container on a Mac, where none has the GPU</source>
        <translation>Mac 上没有容器（那里的容器用不了 GPU）</translation>
    </message>
    <message>
        <source>No other panel on this machine</source>
        <translation>这台机器上没有别的面板</translation>
    </message>
    <message>
        <source>Only this machine reaches Ollama</source>
        <translation>只有本机能访问 Ollama</translation>
    </message>
    <message>
        <source>Who reaches the panel needs a key</source>
        <translation>访问面板需要密钥</translation>
    </message>
    <message>
        <source>The port of the panel is free</source>
        <translation>面板的端口空闲</translation>
    </message>
    <message>
        <source>Only Ollama&apos;s server reads {name}, and {program} is none: set it where the server starts.</source>
        <translation>只有 Ollama 的服务器读取 {name}，而 {program} 不是服务器：请在启动服务器的地方设置它。</translation>
    </message>
    <message>
        <source>{container} gets no GPU: containers on a Mac have none, so that it computes on the processor alone. Run Ollama there without a container.</source>
        <translation>{container} 得不到 GPU：Mac 上的容器没有 GPU，因此只能用处理器计算。请在那里不用容器运行 Ollama。</translation>
    </message>
    <message>
        <source>The ports of {container} lead to {ports} in it, but Ollama listens on {port} there: clients do not reach it.</source>
        <translation>{container} 的端口通向其中的 {ports}，但 Ollama 在其中监听 {port}：客户端无法连上它。</translation>
    </message>
    <message>
        <source>{path} has no services: it is no file of Compose.</source>
        <translation>{path} 中没有 services：它不是 Compose 文件。</translation>
    </message>
    <message>
        <source>In a list of Compose the quotes in {given} are a part of the value of {name}: leave them out, or put them around the whole entry.</source>
        <translation>在 Compose 的列表中，{given} 里的引号是 {name} 的值的一部分：请去掉引号，或用它们括住整个条目。</translation>
    </message>
    <message>
        <source>{name} is filled from {unset}, which is set neither in .env nor with a default: without it in the shell that starts Compose, it is empty.</source>
        <translation>{name} 取自 {unset}，而后者既未在 .env 中设置，也没有默认值：如果启动 Compose 的 shell 中没有它，值就为空。</translation>
    </message>
    <message>
        <source>{name} is in .env, from which Compose only fills the file: no container gets it. Name it under environment, or the file under env_file.</source>
        <translation>{name} 位于 .env 中，Compose 只用它填充文件：没有容器会收到它。请在 environment 下写上它，或在 env_file 下写上该文件。</translation>
    </message>
    <message>
        <source>The file {file} with variables was not found: what it sets is not known.</source>
        <translation>未找到变量文件 {file}：不知道它设置了什么。</translation>
    </message>
    <message>
        <source>{path} has no pods: it is no file of Kubernetes with a server.</source>
        <translation>{path} 中没有 Pod：它不是含有服务器的 Kubernetes 文件。</translation>
    </message>
    <message>
        <source>{name} refers to {missing}, which is not set before it: it stays as it is written.</source>
        <translation>{name} 引用了 {missing}，而后者在它之前没有设置：它会保持所写的样子。</translation>
    </message>
    <message>
        <source>{path} has no values for a chart of Ollama.</source>
        <translation>{path} 中没有 Ollama chart 的值。</translation>
    </message>
    <message>
        <source>{path} is no Nix expression that the panel can read (line {line}).</source>
        <translation>{path} 不是面板能读取的 Nix 表达式(第 {line} 行)。</translation>
    </message>
    <message>
        <source>services.ollama.enable is not true here, so that these settings start no server.</source>
        <translation>这里的 services.ollama.enable 不是 true，因此这些设置不会启动服务器。</translation>
    </message>
    <message>
        <source>NixOS sets {name} itself, from the option {option} of services.ollama: set it there.</source>
        <translation>NixOS 会用 services.ollama 的选项 {option} 自行设置 {name}：请在那里设置。</translation>
    </message>
    <message>
        <source>{path} is no XML: {cause} (line {line}).</source>
        <translation>{path} 不是 XML:{cause}(第 {line} 行)。</translation>
    </message>
    <message>
        <source>{path} names no repository: it is no template of a container.</source>
        <translation>{path} 没有写明仓库：它不是容器模板。</translation>
    </message>
    <message>
        <source>{path} has no values of the app of Ollama.</source>
        <translation>{path} 中没有 Ollama 应用的值。</translation>
    </message>
    <message>
        <source>Ollama takes no notice of {key}, because {given} is neither true nor false.</source>
        <translation>Ollama 不会理会 {key}，因为 {given} 既不是 true 也不是 false。</translation>
    </message>
    <message>
        <source>Ollama does not read {key} in this file: set {name} where the server starts.</source>
        <translation>Ollama 不读取此文件中的 {key}：请在启动服务器的地方设置 {name}。</translation>
    </message>
    <message>
        <source>{path} has no settings of Ollama&apos;s app.</source>
        <translation>{path} 中没有 Ollama 应用程序的设置。</translation>
    </message>
    <message>
        <source>{path} has no settings of the panel.</source>
        <translation>{path} 中没有面板的设置。</translation>
    </message>
    <message>
        <source>{container} listens on {given}, which is the container itself: no other program reaches it. Set OLLAMA_HOST to {wanted}; the published port says who may come in.</source>
        <translation>{container} 监听 {given}，那是容器自身：其他程序都连不上它。请把 OLLAMA_HOST 设为 {wanted}；谁可以进来由发布的端口决定。</translation>
    </message>
    <message>
        <source>Compose refuses the file: {key} is there twice in one place.</source>
        <translation>Compose 会拒绝该文件：{key} 在同一处出现了两次。</translation>
    </message>
    <message>
        <source>Compose refuses an entry of a list with a colon: write {name}=value, or take the dashes away.</source>
        <translation>Compose 会拒绝列表中带冒号的条目：请写成 {name}=值，或去掉短横线。</translation>
    </message>
    <message>
        <source>Compose refuses a dollar sign that begins no name: write two of them in {name}.</source>
        <translation>Compose 会拒绝后面没有名称的美元符号：请在 {name} 中写两个。</translation>
    </message>
    <message>
        <source>Kubernetes refuses {given} for {name}, which is no text: put it in quotes.</source>
        <translation>Kubernetes 不接受把 {given} 作为 {name} 的值，因为它不是文本：请给它加上引号。</translation>
    </message>
    <message>
        <source>{key} must be a list of entries with name and value: the chart cannot use a mapping.</source>
        <translation>{key} 必须是由 name 和 value 组成的条目列表：chart 无法使用映射。</translation>
    </message>
    <message>
        <source>NixOS refuses {given} for {name}, which is no text: put it in quotes.</source>
        <translation>NixOS 不接受把 {given} 作为 {name} 的值，因为它不是文本：请给它加上引号。</translation>
    </message>
    <message>
        <source>The panel cannot read {path}: its format is unknown.</source>
        <translation>面板无法读取 {path}：格式未知。</translation>
    </message>
    <message>
        <source>{instance} measures with other settings; the former ones come back in every case.</source>
        <translation>{instance} 以其他设置进行测量；原有设置在任何情况下都会恢复。</translation>
    </message>
    <message>
        <source>is an SLO of each pool now, in tokens per second: {key} of every pool but those for embeddings is {rate:number}</source>
        <translation>现在是各个池各自的 SLO，单位为每秒词元数：除嵌入池外，每个池的 {key} 为 {rate:number}</translation>
    </message>
    <message>
        <source>is an SLO of each pool now, in tokens per second: 50 milliseconds for each token are 20 as {key}</source>
        <translation>现在是各个池各自的 SLO，单位为每秒词元数：每个词元 50 毫秒即 {key} 为 20</translation>
    </message>
    <message>
        <source>{path} was changed by somebody since: that is kept as {copy}.</source>
        <translation>{path} 此后被人修改过：修改后的内容保存为 {copy}。</translation>
    </message>
    <message>
        <source>The Ollama of this panel is simulated: nothing of it can be put into force anywhere.</source>
        <translation>这个面板的 Ollama 是模拟的：它的任何内容都无法在任何地方生效。</translation>
    </message>
    <message>
        <source>Docker Compose file</source>
        <translation>Docker Compose 文件</translation>
    </message>
    <message>
        <source>docker run script</source>
        <translation>docker run 脚本</translation>
    </message>
    <message>
        <source>One container per worker, started by a shell script, with its health check.</source>
        <translation>每个工作进程一个容器，由 shell 脚本启动，带健康检查。</translation>
    </message>
    <message>
        <source>The chart cannot pull &quot;{model}&quot; of pool {pool}, because that is no name of a model: correct it in Settings.</source>
        <translation>chart 无法拉取池 {pool} 的 &quot;{model}&quot;，因为它不是模型名称：请在设置中更正。</translation>
    </message>
    <message>
        <source>An agent that gives Ollama&apos;s app the settings of the first worker at each login, so that a reboot keeps them.</source>
        <translation>一个代理，每次登录时把第一个工作进程的设置交给 Ollama 应用，重启电脑后依然有效。</translation>
    </message>
    <message>
        <source>A worker that runs as a task writes its log beside its script.</source>
        <translation>以任务运行的工作进程把日志写在脚本旁边。</translation>
    </message>
    <message>
        <source>Let the workers run without the panel, as services or containers, and see that each one answers with its version at its address in the file.</source>
        <translation>让工作进程脱离面板运行（作为服务或容器），并确认每个进程都在文件中写明的地址上以其版本应答。</translation>
    </message>
    <message>
        <source>Only if the first worker is the service that Ollama&apos;s installer made, or Ollama&apos;s app: it stays at {address}, so write that into {file}.</source>
        <translation>仅当第一个工作进程是 Ollama 安装程序建立的服务或 Ollama 应用时：它保持在 {address}，因此请把该地址写入 {file}。</translation>
    </message>
    <message>
        <source>One address before all workers, with a queue in which who asks for much waits behind who asks for little.</source>
        <translation>所有工作进程前的同一个地址，带有队列：请求多的排在请求少的后面。</translation>
    </message>
    <message>
        <source>One address before all workers, without a queue of its own: what exceeds their slots waits in Ollama.</source>
        <translation>所有工作进程前的同一个地址，自身没有队列：超出其槽位的请求在 Ollama 中等待。</translation>
    </message>
    <message>
        <source>One more worker of {pool} measures beside those that serve.</source>
        <translation>{pool} 会在现有工作进程之外增加一个工作进程进行测量。</translation>
    </message>
    <message>
        <source>Requests of your programs go first: when one comes, measuring stops at once.</source>
        <translation>您的程序的请求优先：一旦有请求到来，测量立即停止。</translation>
    </message>
    <message>
        <source>A request came: the measurement is repeated.</source>
        <translation>有请求到来：将重新测量。</translation>
    </message>
    <message>
        <source>Requests are under way: measuring goes on {seconds:seconds} after the last one.</source>
        <translation>有请求正在进行：最后一个请求结束 {seconds:seconds} 后继续测量。</translation>
    </message>
    <message>
        <source>Requests have interrupted a measurement {times:count} times: it goes on at {time}, or when you resume it.</source>
        <translation>请求已 {times:count} 次中断测量：将于 {time} 继续，或在您恢复时继续。</translation>
    </message>
    <message>
        <source>The panel ended during trial {trial:count}; your settings are in force.</source>
        <translation>面板在第 {trial:count} 次试验期间退出；您的设置仍然生效。</translation>
    </message>
    <message>
        <source>{instance} was stopped: start it, then resume the tuning.</source>
        <translation>{instance} 已被停止：请先启动它，再恢复调优。</translation>
    </message>
    <message>
        <source>The settings of {pool} have changed: tune again.</source>
        <translation>{pool} 的设置已更改：请重新调优。</translation>
    </message>
    <message>
        <source>Ollama has changed: tune again.</source>
        <translation>Ollama 已更换：请重新调优。</translation>
    </message>
    <message>
        <source>The machine or {model} has changed: tune again.</source>
        <translation>机器或 {model} 已变化：请重新调优。</translation>
    </message>
    <message>
        <source>Another tuning was begun.</source>
        <translation>已开始另一次调优。</translation>
    </message>
    <message>
        <source>About {trials:count} of {planned:count} trials fit into {time:seconds}: what is best may not be among them.</source>
        <translation>{time:seconds} 内大约只够进行 {planned:count} 次试验中的 {trials:count} 次：最好的设置可能不在其中。</translation>
    </message>
    <message>
        <source>The tuning {file} cannot be read ({reason}); the file is kept.</source>
        <translation>无法读取调优记录 {file}（{reason}）；文件已保留。</translation>
    </message>
    <message>
        <source>The panel was killed {times:count} times during this trial: it is not made again.</source>
        <translation>面板在此次试验期间被强制结束了 {times:count} 次：不再重做该试验。</translation>
    </message>
    <message>
        <source>{instance} does not run as the trial needs it.</source>
        <translation>{instance} 未按试验所需的方式运行。</translation>
    </message>
    <message>
        <source>No tuning is paused.</source>
        <translation>没有已暂停的调优。</translation>
    </message>
    <message>
        <source>A tuning of {pool} with {model} is under way: wait for its end, or cancel it.</source>
        <translation>正在用 {model} 对 {pool} 进行调优：请等待其结束，或取消它。</translation>
    </message>
    <message>
        <source>The tuning {tuning} has found no settings.</source>
        <translation>调优 {tuning} 没有得出任何设置。</translation>
    </message>
    <message>
        <source>There is no model {model}.</source>
        <translation>没有模型 {model}。</translation>
    </message>
    <message>
        <source>{pool} has no workers: give it one.</source>
        <translation>{pool} 没有工作进程：请为其添加一个。</translation>
    </message>
    <message>
        <source>{model} does not fit into the memory.</source>
        <translation>内存容不下 {model}。</translation>
    </message>
    <message>
        <source>{model} runs in the cloud, where no setting of this machine counts.</source>
        <translation>{model} 在云端运行，本机的设置对其不起作用。</translation>
    </message>
    <message>
        <source>{pool} is for other models than {model}.</source>
        <translation>{pool} 用于其他模型，不包括 {model}。</translation>
    </message>
    <message>
        <source>{model} makes embeddings, and {pool} is not for these.</source>
        <translation>{model} 用于生成嵌入，而 {pool} 不用于嵌入。</translation>
    </message>
    <message>
        <source>{pool} is for embeddings, which {model} does not make.</source>
        <translation>{pool} 用于嵌入，而 {model} 不生成嵌入。</translation>
    </message>
    <message>
        <source>{model} makes no embeddings: choose another goal and other requests.</source>
        <translation>{model} 不生成嵌入：请选择其他目标和其他请求。</translation>
    </message>
    <message>
        <source>{model} was removed.</source>
        <translation>{model} 已被删除。</translation>
    </message>
    <message>
        <source>The tuner has failed: {error}</source>
        <translation>调优器出现故障：{error}</translation>
    </message>
    <message>
        <source>Requests of usual chats are sent instead.</source>
        <translation>改为发送一般聊天的请求。</translation>
    </message>
    <message>
        <source>The machine runs on its battery, which may slow it down: connect it to its power supply.</source>
        <translation>本机正在使用电池，可能会变慢：请接通电源。</translation>
    </message>
    <message>
        <source>{card} was slowed down by its heat, at {degrees} degrees Celsius.</source>
        <translation>{card} 因过热而降速，温度为 {degrees} 摄氏度。</translation>
    </message>
    <message>
        <source>{card} was slowed down, by its heat or its power supply.</source>
        <translation>{card} 因过热或供电原因而降速。</translation>
    </message>
    <message>
        <source>Another program has taken or freed {bytes:bytes} of the GPU&apos;s memory meanwhile.</source>
        <translation>在此期间，另一个程序占用或释放了 {bytes:bytes} 的 GPU 内存。</translation>
    </message>
    <message>
        <source>The GPU is {percent} % busy with other programs.</source>
        <translation>GPU 有 {percent}% 的时间在忙于其他程序。</translation>
    </message>
    <message>
        <source>Other programs take {percent} % of the CPU.</source>
        <translation>其他程序占用了 {percent}% 的 CPU。</translation>
    </message>
    <message>
        <source>Only {requests:count} of your requests have ended with known lengths, and {needed:count} are needed.</source>
        <translation>您的请求中只有 {requests:count} 个已结束且长度已知，而需要 {needed:count} 个。</translation>
    </message>
    <message>
        <source>The model is {model}: it is the only one of {pool}.</source>
        <translation>模型为 {model}：它是 {pool} 唯一的模型。</translation>
    </message>
    <message>
        <source>The model is {model}: it is the largest of {pool}.</source>
        <translation>模型为 {model}：它是 {pool} 中最大的模型。</translation>
    </message>
    <message>
        <source>No pool with workers fits: name one.</source>
        <translation>没有带工作进程的池合适：请指定一个。</translation>
    </message>
    <message>
        <source>More than one pool fits ({pools}): name the one to tune.</source>
        <translation>有多个池合适（{pools}）：请指定要调优的池。</translation>
    </message>
    <message>
        <source>{pool} has no model to tune with: name one, or pull one first.</source>
        <translation>{pool} 没有可用于调优的模型：请指定一个，或先拉取一个。</translation>
    </message>
    <message>
        <source>The first step. All steps are measured with {slots} loaded: the largest step that fits.</source>
        <translation>第一步。所有步骤都在加载 {slots}的情况下测量：这是放得下的最大一步。</translation>
    </message>
    <message>
        <source>{steps:count} slots, beside the best</source>
        <translation>{steps:count} 个槽位，与最佳相邻</translation>
    </message>
    <message>
        <source>Beside the best</source>
        <translation>与最佳相邻</translation>
    </message>
    <message>
        <source>First step again</source>
        <translation>重测第一级</translation>
    </message>
    <message>
        <source>Best again, fresh load, longer</source>
        <translation>重测最佳设置，重新加载，时间更长</translation>
    </message>
    <message>
        <source>loading {settings}</source>
        <translation>加载 {settings}</translation>
    </message>
    <message>
        <source>{best} instead of {present}: {times:number} times the {unit}</source>
        <translation>用 {best}代替 {present}：{unit}是原来的 {times:number} 倍</translation>
    </message>
    <message>
        <source>{best} instead of {present}: {percent:number} % more {unit}</source>
        <translation>用 {best}代替 {present}：{unit}增加 {percent:number} %</translation>
    </message>
    <message>
        <source>{best} instead of {present}: nearly the same {unit}, and each answer is quicker</source>
        <translation>用 {best}代替 {present}：{unit}几乎相同，每个回答更快</translation>
    </message>
    <message>
        <source>{best} instead of {present}: the bounds are kept</source>
        <translation>用 {best}代替 {present}：符合界限</translation>
    </message>
    <message>
        <source>{best}: {rate}</source>
        <translation>{best}：{rate}</translation>
    </message>
    <message>
        <source>{present}: nothing better was found</source>
        <translation>{present}：没有找到更好的设置</translation>
    </message>
    <message>
        <source>{best} may be better than {present}, but the difference is within the intervals</source>
        <translation>{best}可能优于 {present}，但差别在误差区间之内</translation>
    </message>
    <message>
        <source>{best}: {rate}, but {present} could not be measured in time</source>
        <translation>{best}：{rate}，但时间不够测量 {present}</translation>
    </message>
    <message>
        <source>tokens per second</source>
        <translation>每秒词元数</translation>
    </message>
    <message>
        <source>embeddings per second</source>
        <translation>每秒嵌入数</translation>
    </message>
    <message>
        <source>{next} would add {percent:number} %.</source>
        <translation>{next}会再增加 {percent:number} %。</translation>
    </message>
    <message>
        <source>{next} would add {percent:number} % and make each token take {times:number} times as long.</source>
        <translation>{next}会再增加 {percent:number} %，但每个词元的时间是 {times:number} 倍。</translation>
    </message>
    <message>
        <source>{next} would break the bound.</source>
        <translation>{next}会超出界限。</translation>
    </message>
    <message>
        <source>{next} gave {percent:number} % less.</source>
        <translation>{next}少 {percent:number} %。</translation>
    </message>
    <message>
        <source>In one answer text comes at {after:number} tokens/s instead of {before:number}.</source>
        <translation>单个回答的速度为 {after:number} 词元/秒，原为 {before:number}。</translation>
    </message>
    <message>
        <source>In one answer text comes at {after:number} tokens/s.</source>
        <translation>单个回答的速度为 {after:number} 词元/秒。</translation>
    </message>
    <message>
        <source>The model takes {after:bytes} instead of {before:bytes}.</source>
        <translation>模型占用 {after:bytes}，原为 {before:bytes}。</translation>
    </message>
    <message>
        <source>No more slots fit into the memory: more memory, or a smaller context, may give more.</source>
        <translation>内存容不下更多槽位：更大的内存或更短的上下文可能带来更多。</translation>
    </message>
    <message>
        <source>A batch size of {batch:count} helped ({percent}).</source>
        <translation>批大小 {batch:count} 有帮助（{percent}）。</translation>
    </message>
    <message>
        <source>A batch size of {batch:count} did not help ({percent}).</source>
        <translation>批大小 {batch:count} 没有帮助（{percent}）。</translation>
    </message>
    <message>
        <source>A KV cache of {cache} helped ({percent}), at a slight loss of quality.</source>
        <translation>KV 缓存 {cache} 有帮助（{percent}），质量略有损失。</translation>
    </message>
    <message>
        <source>A KV cache of {cache} did not help ({percent}).</source>
        <translation>KV 缓存 {cache} 没有帮助（{percent}）。</translation>
    </message>
    <message>
        <source>{workers} helped ({percent}).</source>
        <translation>{workers}有帮助（{percent}）。</translation>
    </message>
    <message>
        <source>{workers} did not help ({percent}).</source>
        <translation>{workers}没有帮助（{percent}）。</translation>
    </message>
    <message>
        <source>+{percent:number} %</source>
        <translation>+{percent:number} %</translation>
    </message>
    <message>
        <source>-{percent:number} %</source>
        <translation>-{percent:number} %</translation>
    </message>
    <message>
        <source>{settings} could not be measured.</source>
        <translation>{settings}无法测量。</translation>
    </message>
    <message>
        <source>A fresh load gave {rate}.</source>
        <translation>重新加载后得到 {rate}。</translation>
    </message>
    <message>
        <source>Shorter prompts, a smaller model or a looser bound would help.</source>
        <translation>更短的提示词、更小的模型或更宽的界限会有帮助。</translation>
    </message>
    <message>
        <source>A smaller model, a stronger quantisation or a looser bound would help.</source>
        <translation>更小的模型、位数更低的量化或更宽的界限会有帮助。</translation>
    </message>
    <message>
        <source>That is slower than people read, about {pace:number} tokens/s.</source>
        <translation>这比人的阅读速度慢（约 {pace:number} 词元/秒）。</translation>
    </message>
    <message>
        <source>A fresh load of {settings} gave only {percent:number} % of what was predicted.</source>
        <translation>{settings}重新加载后只有预测的 {percent:number} %。</translation>
    </message>
    <message>
        <source>The budget did not suffice for all steps: a longer tuning may find a better one.</source>
        <translation>预算不足以完成所有步骤：更长的调优可能会找到更好的设置。</translation>
    </message>
    <message>
        <source>The budget did not suffice to verify it with a fresh load.</source>
        <translation>预算不足，未能重新加载加以验证。</translation>
    </message>
    <message>
        <source>At the end the first step gave {percent:number} % less than at the beginning: heat or another program may have slowed the machine, so the later steps may be better than they look.</source>
        <translation>结束时第一级比开始时少 {percent:number} %：可能因发热或其他程序而变慢，因此后面的各级可能比看上去更好。</translation>
    </message>
    <message>
        <source>At the end the first step gave {percent:number} % more than at the beginning: the machine was busy with something else then, so the earlier steps may be better than they look.</source>
        <translation>结束时第一级比开始时多 {percent:number} %：开始时机器可能忙于别的事，因此前面的各级可能比看上去更好。</translation>
    </message>
    <message>
        <source>Nothing keeps the bounds; {best} comes nearest</source>
        <translation>没有设置符合界限；{best}最接近</translation>
    </message>
    <message>
        <source>The first token takes {value:number} s at p95; the bound is {bound:number} s.</source>
        <translation>首个词元的 p95 为 {value:number} 秒；界限为 {bound:number} 秒。</translation>
    </message>
    <message>
        <source>Each token takes {value:number} ms at p95; the bound is {bound:number} ms.</source>
        <translation>每个词元的 p95 为 {value:number} 毫秒；界限为 {bound:number} 毫秒。</translation>
    </message>
    <message>
        <source>Nothing could be measured: your settings stay</source>
        <translation>什么都没能测量：您的设置保持不变</translation>
    </message>
    <message>
        <source>Not even {step} fits: it needs {needed:bytes}, and models may use {budget:bytes}.</source>
        <translation>连 {step}也容不下：需要 {needed:bytes}，模型可用 {budget:bytes}。</translation>
    </message>
    <message>
        <source>{model} has one slot at {instances}, not {parallel:count}: {why}</source>
        <translation>{model} 在 {instances} 上只有一个槽位，而不是 {parallel:count} 个：{why}</translation>
    </message>
    <message>
        <source>Ollama gives it no more.</source>
        <translation>Ollama 不给它更多槽位。</translation>
    </message>
    <message>
        <source>{model} was trained for {given:count} tokens: it gets that context, not the {asked:count} that were asked for.</source>
        <translation>{model} 的训练上下文为 {given:count} 个词元：它得到的是这么长的上下文，而不是要求的 {asked:count} 个。</translation>
    </message>
    <message>
        <source>Ollama has found no GPU but {name}, which shares the main memory, and does not use it: {variable}=1 lets it.</source>
        <translation>Ollama 只找到与主内存共享的 {name}，并且不使用它：设置 {variable}=1 即可使用。</translation>
    </message>
    <message>
        <source>Ollama has found no GPU, and does not look for one with Vulkan: if this machine has one, {variable}=1 lets it.</source>
        <translation>Ollama 没有找到 GPU，也没有用 Vulkan 查找：如果这台机器有 GPU，请设置 {variable}=1。</translation>
    </message>
    <message>
        <source>The environment of {instances} chooses the GPUs that Ollama sees: {variables}. Unset this if it does not find one that it should.</source>
        <translation>{instances} 的环境变量限定了 Ollama 能看到的 GPU：{variables}。如果它没有找到应有的 GPU，请取消此设置。</translation>
    </message>
    <message>
        <source>A client of {instances} sets options that this Ollama does not know, and ignores: {options}. Remove them there.</source>
        <translation>{instances} 的某个客户端设置了此 Ollama 不认识而忽略的选项：{options}。请在客户端中删除它们。</translation>
    </message>
    <message>
        <source>A model</source>
        <translation>某个模型</translation>
    </message>
    <message>
        <source>main memory</source>
        <translation>主内存</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>its context</source>
        <translation>其上下文</translation>
    </message>
    <message>
        <source>its computation</source>
        <translation>其计算缓冲区</translation>
    </message>
    <message>
        <source>its weights</source>
        <translation>其权重</translation>
    </message>
    <message>
        <source>a part of it</source>
        <translation>其一部分</translation>
    </message>
    <message>
        <source>It fits with a context of {tokens:count} tokens.</source>
        <translation>上下文为 {tokens:count} 个词元时放得下。</translation>
    </message>
    <message>
        <source>It fits with a context of {tokens:count} tokens, or with its KV cache as {type}.</source>
        <translation>上下文为 {tokens:count} 个词元，或 KV 缓存为 {type} 时放得下。</translation>
    </message>
    <message>
        <source>It fits with its KV cache as {type}.</source>
        <translation>KV 缓存为 {type} 时放得下。</translation>
    </message>
    <message>
        <source>It fits with {parallel:count} slots.</source>
        <translation>槽位为 {parallel:count} 个时放得下。</translation>
    </message>
    <message>
        <source>It needs {needed:bytes}, and {free:bytes} were free: Ollama leaves {margin:bytes} of each card free, and LLAMA_ARG_FIT_TARGET lets it leave less.</source>
        <translation>它需要 {needed:bytes}，当时有 {free:bytes} 可用：Ollama 在每张显卡上留出 {margin:bytes}，用 LLAMA_ARG_FIT_TARGET 可以让它少留一些。</translation>
    </message>
    <message>
        <source>Neither a shorter context nor a smaller KV cache is enough: take a smaller model, or a smaller quantisation.</source>
        <translation>无论怎样缩短上下文或缩小 KV 缓存都放不下：请换用更小的模型或量化更小的版本。</translation>
    </message>
    <message>
        <source>Use a shorter context, fewer slots, a smaller model or fewer models at once.</source>
        <translation>请缩短上下文、减少槽位、换用更小的模型，或同时使用更少的模型。</translation>
    </message>
    <message>
        <source>Their caches as {type} let them fit together.</source>
        <translation>KV 缓存为 {type} 时它们可以同时放下。</translation>
    </message>
    <message>
        <source>Contexts of {tokens:count} tokens let them fit together.</source>
        <translation>上下文为 {tokens:count} 个词元时它们可以同时放下。</translation>
    </message>
    <message>
        <source>OLLAMA_MAX_LOADED_MODELS={limit:count} lets no more stay, though they fit together: set it to {wanted:count}.</source>
        <translation>OLLAMA_MAX_LOADED_MODELS={limit:count} 不允许更多模型留在内存中，但它们可以同时放下：请设为 {wanted:count}。</translation>
    </message>
    <message>
        <source>Use fewer models at once, or smaller ones.</source>
        <translation>请同时使用更少或更小的模型。</translation>
    </message>
    <message>
        <source>{model}: {on_gpu:count} of {layers:count} layers are on the GPU. {advice}</source>
        <translation>{model}：{layers:count} 层中有 {on_gpu:count} 层在 GPU 上。{advice}</translation>
    </message>
    <message>
        <source>{model}: {on_gpu:count} of {layers:count} layers are on the GPU: about {times:number} times slower. {advice}</source>
        <translation>{model}：{layers:count} 层中有 {on_gpu:count} 层在 GPU 上：速度约为原来的 1/{times:number}。{advice}</translation>
    </message>
    <message>
        <source>{model}: {percent:count} % of it are not in the GPU&apos;s memory. {advice}</source>
        <translation>{model}：有 {percent:count}% 不在 GPU 显存中。{advice}</translation>
    </message>
    <message>
        <source>{model}: {percent:count} % of it are not in the GPU&apos;s memory: about {times:number} times slower. {advice}</source>
        <translation>{model}：有 {percent:count}% 不在 GPU 显存中：速度约为原来的 1/{times:number}。{advice}</translation>
    </message>
    <message>
        <source>{model} did not fit into memory with a context of {asked:count} tokens: Ollama loads it with {given:count}. Longer prompts are cut.</source>
        <translation>{model} 以 {asked:count} 个词元的上下文放不进内存：Ollama 改用 {given:count} 个加载。更长的提示词会被截断。</translation>
    </message>
    <message>
        <source>{model} does not take the KV cache type {asked}: its cache stays f16, {width:number} times as large.</source>
        <translation>{model} 不支持 KV 缓存类型 {asked}：其缓存仍为 f16，大小是它的 {width:number} 倍。</translation>
    </message>
    <message>
        <source>{model}: the KV cache type {asked} needs flash attention, which is off: the cache stays f16, {width:number} times as large. OLLAMA_FLASH_ATTENTION=1 switches it on.</source>
        <translation>{model}：KV 缓存类型 {asked} 需要 flash attention，而它已关闭：缓存仍为 f16，大小是它的 {width:number} 倍。设置 OLLAMA_FLASH_ATTENTION=1 可将其打开。</translation>
    </message>
    <message>
        <source>Ollama does not find {cards} any more, and runs models on the processor: see whether the driver works (after an update, restart the machine), then restart the server.</source>
        <translation>Ollama 找不到 {cards} 了，改用处理器运行模型：请检查驱动程序是否正常（更新后请重新启动计算机），然后重新启动服务器。</translation>
    </message>
    <message>
        <source>Ollama does not find {cards} any more, and runs models without: see whether the driver works (after an update, restart the machine), then restart the server.</source>
        <translation>Ollama 找不到 {cards} 了，不再用它运行模型：请检查驱动程序是否正常（更新后请重新启动计算机），然后重新启动服务器。</translation>
    </message>
    <message>
        <source>{model} is not loaded: its KV cache type needs flash attention, which is off. OLLAMA_FLASH_ATTENTION=1 switches it on.</source>
        <translation>{model} 未能加载：其 KV 缓存类型需要 flash attention，而它已关闭。设置 OLLAMA_FLASH_ATTENTION=1 可将其打开。</translation>
    </message>
    <message>
        <source>{limit:count} of {slots:count} slots: nothing else limits it</source>
        <translation>{limit:count}/{slots:count} 个槽位：没有其他限制</translation>
    </message>
    <message>
        <source>{limit:count} of {slots:count} slots: the machine runs on its battery</source>
        <translation>{limit:count}/{slots:count} 个槽位：机器正用电池供电</translation>
    </message>
    <message>
        <source>{limit:count} of {slots:count} slots: the SLO of {rate:number} tokens/s</source>
        <translation>{limit:count}/{slots:count} 个槽位：SLO 要求 {rate:number} 词元/秒</translation>
    </message>
    <message>
        <source>{limit:count} of {slots:count} slots: more at once made it no faster</source>
        <translation>{limit:count}/{slots:count} 个槽位：同时运行更多并不更快</translation>
    </message>
    <message>
        <source>No more requests of {model} run at once now. {limit}.</source>
        <translation>{model} 目前不再同时运行更多请求。{limit}。</translation>
    </message>
    <message>
        <source>The card is slowed down by its power limit or its power supply.</source>
        <translation>显卡因功率限制或供电而降速。</translation>
    </message>
    <message>
        <source>The machine runs on its battery.</source>
        <translation>机器正用电池供电。</translation>
    </message>
    <message>
        <source>Some of its layers are not on the card.</source>
        <translation>它有一些层不在显卡上。</translation>
    </message>
    <message>
        <source>Other programs use {bytes:bytes} of the memory for models, and may use the GPU.</source>
        <translation>其他程序占用了 {bytes:bytes} 的模型内存，也可能在使用 GPU。</translation>
    </message>
    <message>
        <source>Tune it again: {command}</source>
        <translation>重新调优：{command}</translation>
    </message>
    <message>
        <source>{model} uses at most {limit:count} of the {before:count} slots of {pool}: {after:count} slots would free memory. {why}.</source>
        <translation>{model} 最多使用 {pool} 的 {before:count} 个槽位中的 {limit:count} 个：改为 {after:count} 个可以释放内存。{why}。</translation>
    </message>
    <message>
        <source>Requests for {pool} wait, and Ollama runs one request of {model} at a time: {after:count} workers instead of {before:count} run more at once, and the memory suffices.</source>
        <translation>{pool} 的请求在等待，而 Ollama 一次只运行 {model} 的一个请求：工作进程由 {before:count} 个改为 {after:count} 个可以同时运行更多，内存也够用。</translation>
    </message>
    <message>
        <source>{pool} was changed for {model} while it was idle. {why}</source>
        <translation>已在空闲时为 {model} 更改 {pool}。{why}</translation>
    </message>
    <message>
        <source>{model} at {instance} answers with {percent:count} % of the speed that its tuning measured. {reason}</source>
        <translation>{instance} 上的 {model} 的回答速度只有调优时测得的 {percent:count}%。{reason}</translation>
    </message>
    <message>
        <source>{pool} could not be adjusted: {why}</source>
        <translation>无法调整 {pool}：{why}</translation>
    </message>
    <message>
        <source>There is no history in {path}: no panel has written one there yet, or it is switched off (history.days is 0).</source>
        <translation>{path} 中没有历史记录：还没有面板在那里写过，或者历史记录已关闭（history.days 为 0）。</translation>
    </message>
    <message>
        <source>One person: Ollama as it is will do, if it has this context (OLLAMA_CONTEXT_LENGTH; its own is 4,096 where models have less than 23 GiB).</source>
        <translation>一个人：原样的 Ollama 就够了，只需设好这里的上下文（OLLAMA_CONTEXT_LENGTH；模型可用内存不足 23 GiB 时，它的默认值是 4,096）。</translation>
    </message>
    <message>
        <source>One person: Ollama as it is will do.</source>
        <translation>一个人：原样的 Ollama 就够了。</translation>
    </message>
    <message>
        <source>Prompt cache: {runners:count} x {each:bytes} of the {room:bytes} of main memory that are left (LLAMA_ARG_CACHE_RAM; Ollama&apos;s default is 8 GiB for each loaded model).</source>
        <translation>提示词缓存：剩余的 {room:bytes} 主内存中 {runners:count} × {each:bytes}（LLAMA_ARG_CACHE_RAM；Ollama 的默认值是每个已加载模型 8 GiB）。</translation>
    </message>
    <message>
        <source>Prompt cache: {runners:count} x 8.0 GiB, Ollama&apos;s default, of the {room:bytes} of main memory that are left.</source>
        <translation>提示词缓存：剩余的 {room:bytes} 主内存中 {runners:count} × 8.0 GiB，即 Ollama 的默认值。</translation>
    </message>
    <message>
        <source>The prompt cache may take another 8 GiB of main memory for each loaded model; if that is too much, lower LLAMA_ARG_CACHE_RAM.</source>
        <translation>提示词缓存还可能为每个已加载模型占用 8 GiB 主内存；如果太多，请调低 LLAMA_ARG_CACHE_RAM。</translation>
    </message>
    <message>
        <source>With {more:count} at once each answer would have about {each:number} tokens/s, slower than people read ({pace:count}): {parallel:count} at a time, the others wait in the queue.</source>
        <translation>同时 {more:count} 个时，每个回答约 {each:number} 词元/秒，比人的阅读速度（{pace:count}）慢：因此同时 {parallel:count} 个，其余的在队列中等待。</translation>
    </message>
    <message>
        <source>Memory for {wanted:count} at once is lacking: {parallel:count} at a time, the others wait in the queue.</source>
        <translation>内存不够同时运行 {wanted:count} 个：同时 {parallel:count} 个，其余的在队列中等待。</translation>
    </message>
    <message>
        <source>Two workers: one goes on while the other restarts. With a card each they are faster than reckoned here.</source>
        <translation>两个工作进程：一个重启时另一个继续服务。若各占一块显卡，会比这里估算的更快。</translation>
    </message>
    <message>
        <source>Ollama puts a worker that fits on one card there, so {cards:count} workers on {cards:count} cards are faster together than reckoned here: try as many.</source>
        <translation>能放进一块显卡的工作进程，Ollama 只放在一块上，因此 {cards:count} 块显卡上的 {cards:count} 个工作进程合起来比这里估算的更快：不妨试试同样多的进程。</translation>
    </message>
    <message>
        <source>Of the {wanted:count} answers that people want at once it writes {given:count}: enough for about {people:count} people.</source>
        <translation>用户同时需要 {wanted:count} 个回答，它能同时生成 {given:count} 个：大约够 {people:count} 人使用。</translation>
    </message>
    <message>
        <source>{workers:count} workers run as many at once. Those that share a card take turns; with a card each they are faster than reckoned here.</source>
        <translation>{workers:count} 个工作进程可同时处理同样多的请求。共用一块显卡的轮流计算；若各占一块显卡，会比这里估算的更快。</translation>
    </message>
    <message>
        <source>{model} has a context of {context:count} tokens in its own file (num_ctx), which goes before the pool&apos;s: set another one there, or let the requests ask for it.</source>
        <translation>{model} 在自己的文件中设定了 {context:count} 个词元的上下文（num_ctx），它优先于池的设置：请在该文件中更改，或由请求自行指定。</translation>
    </message>
    <message>
        <source>The {models:count} models do not fit together: they take turns (OLLAMA_MAX_LOADED_MODELS=1), and each change loads one.</source>
        <translation>{models:count} 个模型无法同时放下：它们轮流使用（OLLAMA_MAX_LOADED_MODELS=1），每次切换都要加载一个。</translation>
    </message>
    <message>
        <source>Without a GPU long prompts take long to read; that is not reckoned.</source>
        <translation>没有 GPU 时，读取长提示词需要很久；这里没有计入。</translation>
    </message>
    <message>
        <source>M4 Pro, llama.cpp #25250 and #25377; of a Max nothing is published</source>
        <translation>M4 Pro，llama.cpp #25250 和 #25377；没有已发布的 Max 数据</translation>
    </message>
    <message>
        <source>No room for {models}: {needed:bytes} with a single context of {context:count} tokens, {excess:bytes} more than the {budget:bytes} that may be used. Here a part would run on the CPU, many times slower.</source>
        <translation>放不下 {models}：单个 {context:count} 词元的上下文就需要 {needed:bytes}，比可用的 {budget:bytes} 多 {excess:bytes}。在此处会有一部分在 CPU 上运行，慢很多倍。</translation>
    </message>
    <message>
        <source>No room for {models}: {needed:bytes} with a single context of {context:count} tokens, {excess:bytes} more than the {budget:bytes} that may be used.</source>
        <translation>放不下 {models}：单个 {context:count} 词元的上下文就需要 {needed:bytes}，比可用的 {budget:bytes} 多 {excess:bytes}。</translation>
    </message>
    <message>
        <source>The address of the panel is {url}, or {openai} for programs that speak OpenAI&apos;s dialect.</source>
        <translation>面板的地址是 {url}；使用 OpenAI 接口的程序请用 {openai}。</translation>
    </message>
    <message>
        <source>{name}: this follows version {version}, as read at {source}.</source>
        <translation>{name}：依据版本 {version}，来源 {source}。</translation>
    </message>
    <message>
        <source>This belongs into {file}.</source>
        <translation>此内容应写入 {file}。</translation>
    </message>
    <message>
        <source>A time-out of {timeout:seconds}: nothing has been measured here yet.</source>
        <translation>超时 {timeout:seconds}：这里还没有测量数据。</translation>
    </message>
    <message>
        <source>A time-out of {timeout:seconds}: the slowest of {requests:count} requests waited {wait:seconds} and took {answer:seconds}, and twice that is less.</source>
        <translation>超时 {timeout:seconds}：{requests:count} 个请求中最慢的一个等待了 {wait:seconds}，处理用了 {answer:seconds}，其两倍仍低于此值。</translation>
    </message>
    <message>
        <source>A time-out of {timeout:seconds}: the slowest of {requests:count} requests waited {wait:seconds} and took {answer:seconds}, and this is twice that.</source>
        <translation>超时 {timeout:seconds}：{requests:count} 个请求中最慢的一个等待了 {wait:seconds}，处理用了 {answer:seconds}，此值是其两倍。</translation>
    </message>
    <message>
        <source>A time-out of {timeout:seconds}, the longest that all programs can keep: the slowest of {requests:count} requests waited {wait:seconds} and took {answer:seconds}.</source>
        <translation>超时 {timeout:seconds}，这是所有程序都能保存的最长时间：{requests:count} 个请求中最慢的一个等待了 {wait:seconds}，处理用了 {answer:seconds}。</translation>
    </message>
    <message>
        <source>{option} sets the time-out.</source>
        <translation>超时由 {option} 设置。</translation>
    </message>
    <message>
        <source>{option} sets the time-out; by itself it gives up after {own:seconds}.</source>
        <translation>超时由 {option} 设置；不设置时，程序在 {own:seconds} 后放弃。</translation>
    </message>
    <message>
        <source>By itself it waits {own:seconds}, which is longer, and stays.</source>
        <translation>它自身等待 {own:seconds}，比所需更长，予以保留。</translation>
    </message>
    <message>
        <source>It has no time-out of its own and waits as long as it takes.</source>
        <translation>它自身没有超时，会一直等待。</translation>
    </message>
    <message>
        <source>It waits as long as it takes, unless {option} is set: leave that away.</source>
        <translation>除非设置了 {option}，它会一直等待：不要设置该项。</translation>
    </message>
    <message>
        <source>Its settings have no time-out for Ollama.</source>
        <translation>它的设置中没有针对 Ollama 的超时。</translation>
    </message>
    <message>
        <source>Terminal</source>
        <translation>终端</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境变量</translation>
    </message>
    <message>
        <source>In its settings</source>
        <translation>在其设置中</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>配置档</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Embeddings</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>Programs that use this library and name no address themselves read these variables.</source>
        <translation>使用此库且自身未指定地址的程序会读取这些变量。</translation>
    </message>
    <message>
        <source>If the file exists already, put in what is under {part}, and leave the rest.</source>
        <translation>如果文件已存在，只加入 {part} 下的内容，其余保持不变。</translation>
    </message>
    <message>
        <source>Then open {url} in the browser.</source>
        <translation>然后在浏览器中打开 {url}。</translation>
    </message>
    <message>
        <source>Settings of the administrator, Connections, Ollama API: type in the values and press Verify Connection. A container reaches this address only with --network=host.</source>
        <translation>管理员设置 → 外部连接 → Ollama API：填入这些值并点击“验证连接”。容器只有使用 --network=host 才能访问此地址。</translation>
    </message>
    <message>
        <source>Settings of the administrator, Connections, Ollama API: type in the values and press Verify Connection. For Open WebUI in a container the URL is {container}.</source>
        <translation>管理员设置 → 外部连接 → Ollama API：填入这些值并点击“验证连接”。如果 Open WebUI 在容器中，URL 为 {container}。</translation>
    </message>
    <message>
        <source>Open the settings of Cline, API Configuration, and type in the values.</source>
        <translation>打开 Cline 的设置中的 API Configuration，填入这些值。</translation>
    </message>
    <message>
        <source>Open the settings of its agent panel, LLM Providers, Ollama, type in the values and connect.</source>
        <translation>打开其智能体面板的设置，在 LLM Providers 的 Ollama 中填入这些值并连接。</translation>
    </message>
    <message>
        <source>Aider asks for a context as long as each request needs, and 8,192 tokens more: a pool with a context of 16,384 tokens or more spares it most reloads of the model.</source>
        <translation>Aider 按每个请求的需要再加 8,192 个词元来要求上下文：上下文为 16,384 个词元或更长的池可免去大部分模型重新加载。</translation>
    </message>
    <message>
        <source>Save it, then start Codex with this profile, as the next tab says.</source>
        <translation>保存后，按下一个标签页所示用此配置档启动 Codex。</translation>
    </message>
    <message>
        <source>{program} needs a long context: Ollama recommends {tokens:count} tokens or more, a setting of the pool.</source>
        <translation>{program} 需要较长的上下文：Ollama 建议 {tokens:count} 个词元或更多，这是池的设置。</translation>
    </message>
    <message>
        <source>{program} calls tools, and no model here is able to: pull one that has them.</source>
        <translation>{program} 需要调用工具，而这里没有支持工具的模型：请拉取一个支持工具的模型。</translation>
    </message>
    <message>
        <source>By itself {program} asks for a context of {tokens:count} tokens; with that of the pool the model stays loaded.</source>
        <translation>{program} 默认要求 {tokens:count} 个词元的上下文；使用池的上下文时，模型保持加载。</translation>
    </message>
    <message>
        <source>By itself {program} asks for the longest context of the model; with that of the pool the model stays loaded.</source>
        <translation>{program} 默认要求模型的最长上下文；使用池的上下文时，模型保持加载。</translation>
    </message>
    <message>
        <source>The variable holds for commands of this terminal; put the line into your shell&apos;s profile to keep it.</source>
        <translation>该变量只对这个终端里的命令有效；要长期保留，请把这一行写入 shell 的配置文件。</translation>
    </message>
    <message>
        <source>There is nothing to restart: the address is in the command.</source>
        <translation>无需重启：地址就在命令里。</translation>
    </message>
    <message>
        <source>Change the address where your program makes its client, and start the program again.</source>
        <translation>在程序创建客户端的地方修改地址，然后重新启动程序。</translation>
    </message>
    <message>
        <source>End it and start {program} again with these settings.</source>
        <translation>结束它，然后用这些设置重新启动 {program}。</translation>
    </message>
    <message>
        <source>{program} follows as soon as the file is saved.</source>
        <translation>文件一保存，{program} 就会采用。</translation>
    </message>
    <message>
        <source>What was once set in its own settings counts more than variables: change the address there. Then send a message; it is seen here when it arrives.</source>
        <translation>它自身设置中保存过的值优先于环境变量：请在那里修改地址，然后发送一条消息；到达时这里会显示。</translation>
    </message>
    <message>
        <source>Change the values in its settings; the next message goes to the new address.</source>
        <translation>在其设置中修改这些值；下一条消息将发往新地址。</translation>
    </message>
    <message>
        <source>The ollama command sends a key to ollama.com alone. The panel asks none of it where the panel&apos;s own user runs it on the panel&apos;s machine; from elsewhere take ssh, a tunnel, or a reverse proxy that adds the key.</source>
        <translation>ollama 命令只向 ollama.com 发送密钥。由面板自己的用户在面板所在机器上运行时，面板不要求密钥；从其他机器请使用 ssh、隧道，或能添加密钥的反向代理。</translation>
    </message>
    <message>
        <source>It sends the key as Authorization: Bearer.</source>
        <translation>它以 Authorization: Bearer 发送密钥。</translation>
    </message>
    <message>
        <source>It sends the key as X-Api-Key.</source>
        <translation>它以 X-Api-Key 发送密钥。</translation>
    </message>
    <message>
        <source>It keeps the key that you type in, in the key ring of the system, or reads it from {variable}; it sends it as Authorization: Bearer.</source>
        <translation>它把您填入的密钥保存在系统的密钥环中，或从 {variable} 读取；并以 Authorization: Bearer 发送。</translation>
    </message>
    <message>
        <source>It reads the key from {variable}, and sends it as Authorization: Bearer.</source>
        <translation>它从 {variable} 读取密钥，并以 Authorization: Bearer 发送。</translation>
    </message>
    <message>
        <source>The panel wants a key in place of {key}: {option} makes one and puts it in.</source>
        <translation>面板要求在 {key} 处填入密钥：{option} 会创建一个并填入。</translation>
    </message>
    <message>
        <source>A container reaches this address only if it shares the machine&apos;s network: docker run --network=host, or network_mode: host in its Compose file.</source>
        <translation>容器只有与本机共用网络时才能访问此地址：docker run --network=host，或在其 Compose 文件中写 network_mode: host。</translation>
    </message>
    <message>
        <source>The panel does not listen now: switch it on to see the address that other machines reach it at.</source>
        <translation>面板现在没有监听：请将其打开，以查看其他机器访问它的地址。</translation>
    </message>
    <message>
        <source>The panel listens to its own machine only: type ollama-panel settings set proxy.host 0.0.0.0 on it, and programs elsewhere reach it with a key.</source>
        <translation>面板只监听本机：在该机器上输入 ollama-panel settings set proxy.host 0.0.0.0，其他机器上的程序即可凭密钥访问。</translation>
    </message>
    <message>
        <source>a program of the user {user}</source>
        <translation>用户 {user} 的一个程序</translation>
    </message>
    <message>
        <source>a container at {address}</source>
        <translation>位于 {address} 的容器</translation>
    </message>
    <message>
        <source>a container, behind {name}</source>
        <translation>容器（经由 {name}）</translation>
    </message>
    <message>
        <source>the machine {address}</source>
        <translation>机器 {address}</translation>
    </message>
    <message>
        <source>programs that only the log of the server tells of</source>
        <translation>只有服务器日志提到的程序</translation>
    </message>
    <message>
        <source>{more:count} more</source>
        <translation>另外 {more:count} 个</translation>
    </message>
    <message>
        <source>Give them the address of the panel: {url}.</source>
        <translation>把面板的地址给它们：{url}。</translation>
    </message>
    <message>
        <source>Who goes past the panel is unknown: the system does not tell who is connected, or not now.</source>
        <translation>不知道谁绕过了面板：系统不提供连接者的信息，或暂时无法提供。</translation>
    </message>
    <message>
        <source>Requests of {programs} go to Ollama at {urls} past the panel: they wait for nobody, and the queue cannot protect the others from them.</source>
        <translation>{programs} 的请求绕过面板直接发往 {urls} 的 Ollama：它们不等待任何人，队列也无法保护其他请求不受其影响。</translation>
    </message>
    <message>
        <source>Looking for Ollama…</source>
        <translation>正在查找 Ollama…</translation>
    </message>
    <message>
        <source>Its servers, models and programs, the cards and the memory</source>
        <translation>它的服务器、模型和程序，以及显卡和内存</translation>
    </message>
    <message>
        <source>No Ollama on this machine</source>
        <translation>本机没有 Ollama</translation>
    </message>
    <message>
        <source>Until one is installed, the panel shows a simulated one.</source>
        <translation>安装之前，面板显示模拟的 Ollama。</translation>
    </message>
    <message>
        <source>There are no models yet: these values are for a typical one.</source>
        <translation>还没有模型：这些数值适用于一个典型的模型。</translation>
    </message>
    <message>
        <source>Read the models where they are</source>
        <translation>直接读取现有位置的模型</translation>
    </message>
    <message>
        <source>The workers can read {path}. Nothing is copied.</source>
        <translation>工作进程可以读取 {path}。不会复制任何内容。</translation>
    </message>
    <message>
        <source>The workers can read {path}. Nothing is copied; the models in their own folder are left alone.</source>
        <translation>工作进程可以读取 {path}。不会复制任何内容；它们自己文件夹中的模型保持不动。</translation>
    </message>
    <message>
        <source>The workers need the right to read {path}: the commands are in the next step. Nothing is copied.</source>
        <translation>工作进程需要读取 {path} 的权限：命令在下一步中。不会复制任何内容。</translation>
    </message>
    <message>
        <source>The workers need the right to read {path}, which its owner can give them.</source>
        <translation>工作进程需要读取 {path} 的权限，可由其所有者授予。</translation>
    </message>
    <message>
        <source>Let {name} wait for the others</source>
        <translation>让 {name} 等待其他程序</translation>
    </message>
    <message>
        <source>It holds {held:count} connections at once. The others go first; it gets all that is left, at least {share:count} %.</source>
        <translation>它同时占用 {held:count} 个连接。其他程序优先；它得到剩余的全部，至少 {share:count} %。</translation>
    </message>
    <message>
        <source>Take over {address}</source>
        <translation>接管 {address}</translation>
    </message>
    <message>
        <source>Programs need no change then: Ollama moves to another port. Can be done and undone later under Connect.</source>
        <translation>这样程序无需更改：Ollama 会移到另一个端口。以后可在“连接”页执行或撤销。</translation>
    </message>
    <message>
        <source>Nothing listens at Ollama&apos;s usual address; the panel can answer there, too. Can be undone under Connect.</source>
        <translation>Ollama 的常用地址上没有程序监听；面板也可以在那里应答。可在“连接”页撤销。</translation>
    </message>
    <message>
        <source>The panel writes its settings. The file before is kept beside it.</source>
        <translation>面板写入设置。之前的文件保留在旁边。</translation>
    </message>
    <message>
        <source>The settings of the panel stay as they are.</source>
        <translation>面板的设置保持不变。</translation>
    </message>
    <message>
        <source>The panel starts these workers:</source>
        <translation>面板启动这些工作进程：</translation>
    </message>
    <message>
        <source>They load a model when the first request for it comes.</source>
        <translation>收到对某个模型的第一个请求时，它们才加载该模型。</translation>
    </message>
    <message>
        <source>Proof: {how}</source>
        <translation>依据：{how}</translation>
    </message>
    <message>
        <source>You type this in a terminal, so that the workers can read {path}:</source>
        <translation>请在终端中输入以下命令，让工作进程能够读取 {path}：</translation>
    </message>
    <message>
        <source>The panel answers programs at {address}.</source>
        <translation>面板在 {address} 应答程序。</translation>
    </message>
    <message>
        <source>The panel answers no program at {address} until its proxy is switched on in the menu.</source>
        <translation>在菜单中打开代理之前，面板不会在 {address} 应答任何程序。</translation>
    </message>
    <message>
        <source>The panel cannot answer programs yet.</source>
        <translation>面板暂时无法应答程序。</translation>
    </message>
    <message>
        <source>The Ollama at {address} ({owner}) is not touched: it runs on with its models.</source>
        <translation>位于 {address} 的 Ollama（{owner}）不受影响：它带着自己的模型继续运行。</translation>
    </message>
    <message>
        <source>on {then} (now {now})</source>
        <translation>当时的硬件为 {then}（现在为 {now}）</translation>
    </message>
    <message>
        <source>with {then:bytes} for models (now {now:bytes})</source>
        <translation>当时可用于模型的内存为 {then:bytes}（现在为 {now:bytes}）</translation>
    </message>
    <message>
        <source>with driver {then} (now {now})</source>
        <translation>当时的驱动为 {then}（现在为 {now}）</translation>
    </message>
    <message>
        <source>with Ollama {then} (now {now})</source>
        <translation>当时的 Ollama 为 {then}（现在为 {now}）</translation>
    </message>
    <message>
        <source>with another build of {model}</source>
        <translation>当时是 {model} 的另一个版本</translation>
    </message>
    <message>
        <source>on the mains (now on its battery)</source>
        <translation>当时使用电源（现在使用电池）</translation>
    </message>
    <message>
        <source>on its battery (now on the mains)</source>
        <translation>当时使用电池（现在使用电源）</translation>
    </message>
    <message>
        <source>with {then:count} W for its cards (now {now:count} W)</source>
        <translation>当时显卡功率上限为 {then:count} W（现在为 {now:count} W）</translation>
    </message>
    <message>
        <source>it is far too long.</source>
        <translation>它太长了。</translation>
    </message>
    <message>
        <source>its &quot;format&quot; is not &quot;{format}&quot;.</source>
        <translation>其 &quot;format&quot; 不是 &quot;{format}&quot;。</translation>
    </message>
    <message>
        <source>Ollama Panel {panel} has written it, whose profiles this version does not know.</source>
        <translation>它由 Ollama Panel {panel} 写出，本版本不认识它的配置方案。</translation>
    </message>
    <message>
        <source>it has no settings of a pool.</source>
        <translation>其中没有池的设置。</translation>
    </message>
    <message>
        <source>Measured {changes}; tune again.</source>
        <translation>测量时的条件不同：{changes}；请重新调优。</translation>
    </message>
    <message>
        <source>Made {changes}.</source>
        <translation>保存时的条件不同：{changes}。</translation>
    </message>
    <message>
        <source>{why} Its profiles are not used. The file stays as it is until a profile is saved.</source>
        <translation>{why} 其中的配置方案未被使用。在保存配置方案之前，该文件保持不变。</translation>
    </message>
    <message>
        <source>There is no profile &quot;{name}&quot;; there are {known}.</source>
        <translation>没有配置方案“{name}”；现有：{known}。</translation>
    </message>
    <message>
        <source>There is no profile &quot;{name}&quot;, and no other one.</source>
        <translation>没有配置方案“{name}”，也没有其他配置方案。</translation>
    </message>
    <message>
        <source>The tuning {tuning} has no result that could be saved: it did not come to its end.</source>
        <translation>调优 {tuning} 没有可以保存的结果：它没有完成。</translation>
    </message>
    <message>
        <source>There is no tuning {tuning} that has ended.</source>
        <translation>没有已结束的调优 {tuning}。</translation>
    </message>
    <message>
        <source>A profile is made of one of these three: tuning, pool or profile.</source>
        <translation>配置方案由以下三者之一生成：tuning、pool 或 profile。</translation>
    </message>
    <message>
        <source>This is no profile of the panel: {reason}</source>
        <translation>这不是本面板的配置方案：{reason}</translation>
    </message>
    <message>
        <source>Ollama, version unknown</source>
        <translation>Ollama，版本未知</translation>
    </message>
    <message>
        <source>{owner}, {address}</source>
        <translation>{owner}，{address}</translation>
    </message>
    <message>
        <source>Ollama {version}, not running</source>
        <translation>Ollama {version}，未运行</translation>
    </message>
    <message>
        <source>Ollama, not running</source>
        <translation>Ollama，未运行</translation>
    </message>
    <message>
        <source>{path}; the panel runs it as its workers</source>
        <translation>{path}；面板用它作为工作进程</translation>
    </message>
    <message>
        <source>Models: {number:count}, {size:bytes}</source>
        <translation>模型：{number:count} 个，{size:bytes}</translation>
    </message>
    <message>
        <source>Models that the panel cannot read</source>
        <translation>面板无法读取的模型</translation>
    </message>
    <message>
        <source>No models yet</source>
        <translation>还没有模型</translation>
    </message>
    <message>
        <source>{command} fetches a small one.</source>
        <translation>{command} 可下载一个小模型。</translation>
    </message>
    <message>
        <source>{name}, {total:bytes}</source>
        <translation>{name}，{total:bytes}</translation>
    </message>
    <message>
        <source>{free:bytes} free now</source>
        <translation>现在空闲 {free:bytes}</translation>
    </message>
    <message>
        <source>What is in use is not known</source>
        <translation>已用多少未知</translation>
    </message>
    <message>
        <source>No graphics card for models</source>
        <translation>没有可用于模型的显卡</translation>
    </message>
    <message>
        <source>Ollama computes on the processor: small models are quick enough there.</source>
        <translation>Ollama 在处理器上计算：小模型在那里也够快。</translation>
    </message>
    <message>
        <source>{total:bytes} of memory</source>
        <translation>{total:bytes} 内存</translation>
    </message>
    <message>
        <source>cores: {cores:count}</source>
        <translation>核心：{cores:count}</translation>
    </message>
    <message>
        <source>cores: {cores:count}, {free:bytes} free now</source>
        <translation>核心：{cores:count}，现在空闲 {free:bytes}</translation>
    </message>
    <message>
        <source>The panel&apos;s address {address}</source>
        <translation>面板的地址 {address}</translation>
    </message>
    <message>
        <source>Looking</source>
        <translation>查找中</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>Usable</source>
        <translation>可用</translation>
    </message>
    <message>
        <source>Readable</source>
        <translation>可读取</translation>
    </message>
    <message>
        <source>Its server only</source>
        <translation>仅其服务器</translation>
    </message>
    <message>
        <source>Service only</source>
        <translation>仅服务可读</translation>
    </message>
    <message>
        <source>Slow</source>
        <translation>较慢</translation>
    </message>
    <message>
        <source>Enough</source>
        <translation>足够</translation>
    </message>
    <message>
        <source>Little</source>
        <translation>偏少</translation>
    </message>
    <message>
        <source>Not free</source>
        <translation>被占用</translation>
    </message>
    <message>
        <source>Put a queue in front: {address}</source>
        <translation>在前面加一个队列：{address}</translation>
    </message>
    <message>
        <source>One address for all programs. A burst waits instead of failing.</source>
        <translation>所有程序共用一个地址。请求过多时排队等待，而不是失败。</translation>
    </message>
    <message>
        <source>Pool {pool}: workers {workers:count}, parallel {parallel:count}, context {context:count}</source>
        <translation>池 {pool}：工作进程 {workers:count}，并行 {parallel:count}，上下文 {context:count}</translation>
    </message>
    <message>
        <source>Pool {pool}: no workers</source>
        <translation>池 {pool}：没有工作进程</translation>
    </message>
    <message>
        <source>Its memory is better used by the others.</source>
        <translation>它的内存留给其他池更好。</translation>
    </message>
    <message>
        <source>As you have chosen.</source>
        <translation>按您的选择。</translation>
    </message>
    <message>
        <source>For {models}.</source>
        <translation>用于 {models}。</translation>
    </message>
    <message>
        <source>Ollama makes embeddings one at a time: workers help, parallel does not. They no longer hold up the chats.</source>
        <translation>Ollama 逐个计算嵌入：增加工作进程有用，增加并行无用。嵌入不再拖慢聊天。</translation>
    </message>
    <message>
        <source>The workers cannot read the models yet, so the server that runs answers alone.</source>
        <translation>工作进程还无法读取模型，因此只由正在运行的服务器应答。</translation>
    </message>
    <message>
        <source>{model}: the KV cache type {asked} needs flash attention, which Ollama does not use with this model or GPU: the cache stays f16, {width:number} times as large.</source>
        <translation>{model}：KV 缓存类型 {asked} 需要 flash attention，而 Ollama 对此模型或 GPU 不使用它：缓存仍为 f16，大小是它的 {width:number} 倍。</translation>
    </message>
    <message>
        <source>The panel ended while it took over {address}: {done:count} of {all:count} steps are done. Finish it, or go back.</source>
        <translation>面板在接管 {address} 时中途结束：{all:count} 步中已完成 {done:count} 步。请完成它，或者退回。</translation>
    </message>
    <message>
        <source>The panel ended while it gave {address} back: {done:count} of {all:count} steps are done. Finish that, or take over again.</source>
        <translation>面板在归还 {address} 时中途结束：{all:count} 步中已完成 {done:count} 步。请完成归还，或者重新接管。</translation>
    </message>
    <message>
        <source>Taking over {address} stopped half-way: {why} Try again, or go back.</source>
        <translation>接管 {address} 中途停下：{why}请重试，或者退回。</translation>
    </message>
    <message>
        <source>Giving {address} back stopped half-way: {why} Try again.</source>
        <translation>归还 {address} 中途停下：{why}请重试。</translation>
    </message>
    <message>
        <source>The panel listens at {address} already: there is nothing to take over.</source>
        <translation>面板已经在 {address} 监听：没有什么要接管。</translation>
    </message>
    <message>
        <source>{name} with batch size {batch:count}</source>
        <translation>{name}、批大小 {batch:count}</translation>
    </message>
    <message>
        <source>{name} with KV cache {cache}</source>
        <translation>{name}、KV 缓存 {cache}</translation>
    </message>
    <message>
        <source>{name} with batch size {batch:count} and KV cache {cache}</source>
        <translation>{name}、批大小 {batch:count}、KV 缓存 {cache}</translation>
    </message>
    <message>
        <source>{best}: {rate}.</source>
        <translation>{best}：{rate}。</translation>
    </message>
    <message>
        <source>{best}: {rate}, {times:number} times as much as {first}.</source>
        <translation>{best}：{rate}，是 {first}的 {times:number} 倍。</translation>
    </message>
    <message>
        <source>A prompt of {tokens:count} tokens was cut to {kept:count} at {instances}: give it a longer context.</source>
        <translation>{instances} 将一个 {tokens:count} 个词元的提示词截断为 {kept:count} 个：请为其设置更长的上下文。</translation>
    </message>
    <message>
        <source>A prompt was cut at {instances}: give it a longer context.</source>
        <translation>{instances} 截断了一个提示词：请为其设置更长的上下文。</translation>
    </message>
    <message>
        <source>{models} push each other out of memory: {evictions:count} times in ten minutes, so that answers wait for loads. {advice}</source>
        <translation>{models} 互相挤出内存：十分钟内 {evictions:count} 次，因此应答要等待加载。{advice}</translation>
    </message>
    <message>
        <source>Models push each other out of memory: {evictions:count} times in ten minutes, so that answers wait for loads. {advice}</source>
        <translation>模型互相挤出内存：十分钟内 {evictions:count} 次，因此应答要等待加载。{advice}</translation>
    </message>
    <message>
        <source>{instances}: {seconds:seconds} after a model was unloaded the GPU&apos;s memory was not free yet. The next model may get too little of it: if this goes on, restart the server, or see what else uses the GPU.</source>
        <translation>{instances}：模型卸载 {seconds:seconds} 后 GPU 显存仍未释放。下一个模型可能得不到足够的显存：如果持续如此，请重新启动服务器，或检查还有什么在使用 GPU。</translation>
    </message>
    <message>
        <source>{path}: {free:bytes} of {total:bytes} are free. Models cannot be pulled when that is used up: remove some, or give the disk more room.</source>
        <translation>{path}：{total:bytes} 中还剩 {free:bytes}。用完后将无法拉取模型：请删除一些，或为磁盘腾出空间。</translation>
    </message>
    <message>
        <source>{path}: {free:bytes} of {total:bytes} are free. The panel&apos;s settings and logs cannot be written when that is used up: give the disk more room.</source>
        <translation>{path}：{total:bytes} 中还剩 {free:bytes}。用完后将无法写入面板的设置和日志：请为磁盘腾出空间。</translation>
    </message>
    <message>
        <source>{model} is not loaded: {purpose} did not fit into {place}. {advice}</source>
        <translation>{model} 未能加载：{purpose}放不进 {place}。{advice}</translation>
    </message>
    <message>
        <source>{model} is not loaded: {size:bytes} for {purpose} did not fit into {place}. {advice}</source>
        <translation>{model} 未能加载：{purpose}所需的 {size:bytes} 放不进 {place}。{advice}</translation>
    </message>
    <message>
        <source>The GPU, or its driver, has failed under {instances}. If this happens again, update the driver, and see that the card is not too hot and has enough power.</source>
        <translation>{instances} 所用的 GPU 或其驱动程序出现故障。如果再次发生，请更新驱动程序，并确认显卡没有过热且供电充足。</translation>
    </message>
    <message>
        <source>The GPU has failed under {instances}, and the system has reset it. If this happens again, update the driver, and see that the card is not too hot and has enough power.</source>
        <translation>{instances} 所用的 GPU 出现故障，系统已将其重置。如果再次发生，请更新驱动程序，并确认显卡没有过热且供电充足。</translation>
    </message>
    <message>
        <source>This Ollama cannot use the GPU by {library}, because it has no code for its generation: update Ollama, or let it use Vulkan (OLLAMA_VULKAN=1).</source>
        <translation>此 Ollama 无法通过 {library} 使用该 GPU，因为它没有适用于这一代显卡的代码：请更新 Ollama，或让它使用 Vulkan（OLLAMA_VULKAN=1）。</translation>
    </message>
    <message>
        <source>The models&apos; folder {path} cannot be made or entered: a file may have its name, or another user own it. Mend that, or choose another folder in Settings (ollama.models_dir).</source>
        <translation>无法创建或进入模型文件夹 {path}：可能有同名文件，或属于其他用户。请修复，或在“设置”中选择其他文件夹（ollama.models_dir）。</translation>
    </message>
    <message>
        <source>{limit:count} of {slots:count} slots: the SLO of {seconds:number} s to the first token</source>
        <translation>{limit:count}/{slots:count} 个槽位：SLO 要求 {seconds:number} 秒内给出首个词元</translation>
    </message>
    <message>
        <source>Nothing that the panel sees explains it: another program may use the GPU, or a driver or a setting of the system has changed.</source>
        <translation>面板看不出原因：可能有其他程序在使用 GPU，或者驱动或系统设置已更改。</translation>
    </message>
    <message>
        <source>Requests for {pool} wait while every slot of {model} is taken: with {after:count} instead of {before:count}, more of them run at once, and the memory suffices.</source>
        <translation>{pool} 的请求在等待，而 {model} 的所有槽位都被占用：用 {after:count} 个而不是 {before:count} 个可以同时运行更多，内存也够用。</translation>
    </message>
    <message>
        <source>Requests for {pool} wait while every slot of {model} is taken: with {after:count} instead of {before:count} it gives {percent:count} % more tokens per second, and the memory suffices.</source>
        <translation>{pool} 的请求在等待，而 {model} 的所有槽位都被占用：用 {after:count} 个而不是 {before:count} 个每秒词元数增加 {percent:count}%，内存也够用。</translation>
    </message>
    <message>
        <source>{model} in {pool} gives {rate:number} tokens/s even to one request at a time; its SLO asks for {wanted:number} tokens/s. A smaller model, one with fewer bits, or shorter prompts would help.</source>
        <translation>{pool} 中的 {model} 即使一次只运行一个请求也只有 {rate:number} 词元/秒；SLO 要求 {wanted:number} 词元/秒。换用更小的模型、更低位数的量化或更短的提示词会有帮助。</translation>
    </message>
    <message>
        <source>{model} in {pool} gives its first token after {seconds:number} s even with one request at a time; its SLO asks for {wanted:number} s. Shorter prompts or a smaller model would help.</source>
        <translation>{pool} 中的 {model} 即使一次只运行一个请求，也要 {seconds:number} 秒才给出首个词元；SLO 要求 {wanted:number} 秒。更短的提示词或更小的模型会有帮助。</translation>
    </message>
    <message>
        <source>Requests for {pool} wait too long for a slot: {percent:count} % of the last ones met its SLO of {wanted:number} s to the first token. Another worker, more slots or a smaller model would help.</source>
        <translation>{pool} 的请求等待槽位的时间太长：最近的请求中有 {percent:count}% 达到了 {wanted:number} 秒内给出首个词元的 SLO。增加工作进程、增加槽位或换用更小的模型会有帮助。</translation>
    </message>
    <message>
        <source>it is broken ({reason})</source>
        <translation>文件已损坏（{reason}）</translation>
    </message>
    <message>
        <source>it is of a newer version of the panel ({version}; this one knows {known})</source>
        <translation>它来自更新版本的面板（{version}；此版本只认识 {known}）</translation>
    </message>
    <message>
        <source>The panel started, version {version}.</source>
        <translation>面板已启动，版本 {version}。</translation>
    </message>
    <message>
        <source>The panel ended.</source>
        <translation>面板已结束。</translation>
    </message>
    <message>
        <source>{instance} is ready.</source>
        <translation>{instance} 已就绪。</translation>
    </message>
    <message>
        <source>{instance} was stopped.</source>
        <translation>{instance} 已停止。</translation>
    </message>
    <message>
        <source>The settings were changed: {keys}.</source>
        <translation>设置已更改：{keys}。</translation>
    </message>
    <message>
        <source>Alert: {told}</source>
        <translation>警报：{told}</translation>
    </message>
    <message>
        <source>Over: {told}</source>
        <translation>已解除：{told}</translation>
    </message>
    <message>
        <source>Something for which this version of the panel has no words ({code}).</source>
        <translation>此版本的面板无法描述的事件（{code}）。</translation>
    </message>
    <message>
        <source>The clock was set back by {by:seconds}: times come twice.</source>
        <translation>时钟被调回 {by:seconds}：有些时间会出现两次。</translation>
    </message>
    <message>
        <source>The machine slept, or its clock was set ahead: {by:seconds} are missing.</source>
        <translation>机器曾休眠，或时钟被调快：缺少 {by:seconds}。</translation>
    </message>
    <message>
        <source>{instance} does not answer any more. {why}</source>
        <translation>{instance} 不再应答。{why}</translation>
    </message>
    <message>
        <source>It could not be used: {why}. It was renamed to {name}, and a new one has begun; delete that file if you do not need it.</source>
        <translation>无法使用：{why}。它已改名为 {name}，并已开始新的文件；如果不需要，可删除那个文件。</translation>
    </message>
    <message>
        <source>The history is not written ({reason}). Charts go on from memory; what happens meanwhile may be missing in the history. Make room on the disk, or correct the rights of the folder: it is tried again by itself.</source>
        <translation>历史记录未能写入（{reason}）。图表继续使用内存中的数据；此间发生的事可能不会出现在历史记录中。请腾出磁盘空间，或修正文件夹的权限：面板会自动重试。</translation>
    </message>
    <message>
        <source>{path} cannot be read as a history: {why}.</source>
        <translation>{path} 无法作为历史记录读取：{why}。</translation>
    </message>
    <message>
        <source>The range has {points:count} points, more than {most:count}: take a longer step or a shorter range.</source>
        <translation>此范围有 {points:count} 个点，多于 {most:count}：请用更长的步长或更短的范围。</translation>
    </message>
    <message>
        <source>There is no series {name}; there are {known}.</source>
        <translation>没有数据序列 {name}；现有 {known}。</translation>
    </message>
    <message>
        <source>{name}: models may use {budget:bytes} of {total:bytes}.</source>
        <translation>{name}：{total:bytes} 中模型可用 {budget:bytes}。</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>A machine without a GPU</source>
        <translation>没有 GPU 的机器</translation>
    </message>
    <message>
        <source>It is not known yet how much memory models may use here; ask again when the panel runs.</source>
        <translation>尚不知道此处模型可用多少内存；请在面板运行后再询问。</translation>
    </message>
    <message>
        <source>One person: Ollama as it is will do, if it has this context. Two pools keep embeddings from waiting for answers.</source>
        <translation>一个人：原样的 Ollama 就够了，只需设好这里的上下文。分成两个池可避免嵌入等待回答。</translation>
    </message>
    <message>
        <source>{people:count} people: a team. The panel&apos;s queue serves them in turn.</source>
        <translation>{people:count} 人：一个团队。由面板的队列依次服务。</translation>
    </message>
    <message>
        <source>{people:count} people: a product. The panel&apos;s queue serves them in turn; several instances keep it up where the machine is quick enough for them.</source>
        <translation>{people:count} 人：一个产品。由面板的队列依次服务；在机器足够快时，用多个实例保持不间断。</translation>
    </message>
    <message>
        <source>Batch work: as many requests at once as raise the throughput; nobody waits for a single one.</source>
        <translation>批处理：同时运行的请求以提高吞吐量为限；没有人在等待单个请求。</translation>
    </message>
    <message>
        <source>Pool {pool}, for {models}: workers {workers:count}, parallel {parallel:count}, context {context:count} tokens, KV cache {cache}.</source>
        <translation>池 {pool}，用于 {models}：工作进程 {workers:count}，并行 {parallel:count}，上下文 {context:count} 个词元，KV 缓存 {cache}。</translation>
    </message>
    <message>
        <source>Pool {pool}, for {models}: workers {workers:count}, parallel {parallel:count}, context {context:count} tokens.</source>
        <translation>池 {pool}，用于 {models}：工作进程 {workers:count}，并行 {parallel:count}，上下文 {context:count} 个词元。</translation>
    </message>
    <message>
        <source>{model}: weights {weights:bytes} + {parallel:count} x {context:count} tokens x {token:bytes} = {kv:bytes} + compute {compute:bytes} + runner {overhead:bytes} = {total:bytes}</source>
        <translation>{model}：权重 {weights:bytes} + {parallel:count} × {context:count} 词元 × {token:bytes} = {kv:bytes} + 计算 {compute:bytes} + 运行器 {overhead:bytes} = {total:bytes}</translation>
    </message>
    <message>
        <source>{model}: weights {weights:bytes} + cache of {parallel:count} x {context:count} tokens {kv:bytes} (some layers keep only a part of them) + compute {compute:bytes} + runner {overhead:bytes} = {total:bytes}</source>
        <translation>{model}：权重 {weights:bytes} + {parallel:count} × {context:count} 词元的缓存 {kv:bytes}（部分层只保留其中一部分）+ 计算 {compute:bytes} + 运行器 {overhead:bytes} = {total:bytes}</translation>
    </message>
    <message>
        <source>{model}: weights {weights:bytes} + compute {compute:bytes} + runner {overhead:bytes} = {total:bytes}</source>
        <translation>{model}：权重 {weights:bytes} + 计算 {compute:bytes} + 运行器 {overhead:bytes} = {total:bytes}</translation>
    </message>
    <message>
        <source>{workers:count} workers, each with its own copy: {total:bytes}</source>
        <translation>{workers:count} 个工作进程，各有一份：{total:bytes}</translation>
    </message>
    <message>
        <source>In all {needed:bytes} + {margin:bytes} that llama.cpp leaves free = {total:bytes} of {budget:bytes}.</source>
        <translation>合计 {needed:bytes} + llama.cpp 留空的 {margin:bytes} = {total:bytes}，可用 {budget:bytes}。</translation>
    </message>
    <message>
        <source>In all {needed:bytes} of {budget:bytes}.</source>
        <translation>合计 {needed:bytes}，可用 {budget:bytes}。</translation>
    </message>
    <message>
        <source>Of {people:count} people one in {one_in:count} waits for an answer at the same time, by our assumption: {wanted:count} at once.</source>
        <translation>我们假定 {people:count} 人中每 {one_in:count} 人有一人同时在等待回答：同时 {wanted:count} 个。</translation>
    </message>
    <message>
        <source>Agents do not pause: {wanted:count} at once.</source>
        <translation>智能体不会停顿：同时 {wanted:count} 个。</translation>
    </message>
    <message>
        <source>More than {most:count} at once gain little here: {source}.</source>
        <translation>在此处同时超过 {most:count} 个收益很小：{source}。</translation>
    </message>
    <message>
        <source>{parallel:count} at once: more would gain little for the memory that they take ({source}).</source>
        <translation>同时 {parallel:count} 个：再多的收益与所占内存不相称（{source}）。</translation>
    </message>
    <message>
        <source>Two workers: one goes on while the other restarts. They share the machine, so together they are no faster.</source>
        <translation>两个工作进程：一个重启时另一个继续服务。它们共用这台机器，合起来并不更快。</translation>
    </message>
    <message>
        <source>A second worker, for the time when one restarts, is not advised: it would take memory and speed from the first.</source>
        <translation>不建议为重启期间准备第二个工作进程：它会占用第一个的内存和速度。</translation>
    </message>
    <message>
        <source>Ollama runs {model} one request at a time, whatever parallel is.</source>
        <translation>无论并行设为多少，Ollama 对 {model} 一次只处理一个请求。</translation>
    </message>
    <message>
        <source>{workers:count} workers run as many at once. They share the machine and take turns, so together they are no faster.</source>
        <translation>{workers:count} 个工作进程可同时处理同样多的请求。它们共用这台机器、轮流计算，合起来并不更快。</translation>
    </message>
    <message>
        <source>More workers would share the machine, and each answer would be slower than people read ({pace:count} tokens/s).</source>
        <translation>更多的工作进程会共用这台机器，每个回答都会比人的阅读速度（{pace:count} 词元/秒）慢。</translation>
    </message>
    <message>
        <source>Not more than {most:count} workers in all on {total:bytes}: a rule of thumb that guides give for small machines.</source>
        <translation>{total:bytes} 的机器上工作进程总数不超过 {most:count} 个：这是各种指南对小机器给出的经验法则。</translation>
    </message>
    <message>
        <source>{workers:count} workers: two made 1.5 to 1.8 times as many embeddings as one (2 cores, Ollama 0.32.15).</source>
        <translation>{workers:count} 个工作进程：两个的嵌入量是一个的 1.5 到 1.8 倍（2 个核心，Ollama 0.32.15）。</translation>
    </message>
    <message>
        <source>Without a GPU all workers share the CPU, and the panel divides its cores among them from Ollama 0.30 on: two workers on all cores were 8 to 10 times slower.</source>
        <translation>没有 GPU 时，所有工作进程共用 CPU；从 Ollama 0.30 起面板会在它们之间分配核心：两个工作进程都用全部核心时慢 8 到 10 倍。</translation>
    </message>
    <message>
        <source>KV cache q8_0 instead of f16 saves {saved:bytes}, and needs flash attention, which is switched on with it.</source>
        <translation>KV 缓存用 q8_0 代替 f16 可节省 {saved:bytes}；它需要 flash attention，会随之开启。</translation>
    </message>
    <message>
        <source>A context of {wanted:count} tokens does not fit; {context:count} do, and save {saved:bytes} of the cache.</source>
        <translation>{wanted:count} 个词元的上下文放不下；{context:count} 个可以，并节省 {saved:bytes} 缓存。</translation>
    </message>
    <message>
        <source>{model} was trained for {context:count} tokens, so a longer context does not help.</source>
        <translation>{model} 的训练长度是 {context:count} 个词元，更长的上下文没有帮助。</translation>
    </message>
    <message>
        <source>One answer of {model}: {share:count} % of {bandwidth:number} GB/s / {read:number} GB read for a token = about {alone:number} tokens/s ({source}).</source>
        <translation>{model} 的一个回答：{bandwidth:number} GB/s 的 {share:count} % / 每个词元读取 {read:number} GB = 约 {alone:number} 词元/秒（{source}）。</translation>
    </message>
    <message>
        <source>usual for such hardware</source>
        <translation>此类硬件的常见值</translation>
    </message>
    <message>
        <source>{model} there: {rate:number} tokens/s, {source}</source>
        <translation>{model} 在其上：{rate:number} 词元/秒，{source}</translation>
    </message>
    <message>
        <source>One answer of {model}: {alone:number} tokens/s, measured here in {answers:count} answers; by the table about {formula:number}.</source>
        <translation>{model} 的一个回答：{alone:number} 词元/秒，由本机的 {answers:count} 个回答测得；按表约 {formula:number}。</translation>
    </message>
    <message>
        <source>One answer of {model}: {alone:number} tokens/s, measured here in {answers:count} answers.</source>
        <translation>{model} 的一个回答：{alone:number} 词元/秒，由本机的 {answers:count} 个回答测得。</translation>
    </message>
    <message>
        <source>How fast it is, is not known: no bandwidth of this hardware is in the table.</source>
        <translation>速度未知：表中没有此硬件的带宽。</translation>
    </message>
    <message>
        <source>{parallel:count} at once: {gain:number} times that, about {together:number} tokens/s for all, {each:number} for each ({source}).</source>
        <translation>同时 {parallel:count} 个：为其 {gain:number} 倍，合计约 {together:number} 词元/秒，每个 {each:number}（{source}）。</translation>
    </message>
    <message>
        <source>A prompt of {prompt:count} new tokens takes {prompt_s:number} s, an answer of {answer:count} tokens {answer_s:number} s: about {requests:number} requests/s.</source>
        <translation>{prompt:count} 个新词元的提示词需要 {prompt_s:number} 秒，{answer:count} 个词元的回答需要 {answer_s:number} 秒：约 {requests:number} 请求/秒。</translation>
    </message>
    <message>
        <source>Answers of {answer:count} tokens: about {requests:number} requests/s, without the time to read the prompts.</source>
        <translation>回答为 {answer:count} 个词元：约 {requests:number} 请求/秒，不含读取提示词的时间。</translation>
    </message>
    <message>
        <source>8B Q8_0 on an H200 with Ollama 0.32.15; guides say 6 to 8 on a card of 24 GB</source>
        <translation>H200 上的 8B Q8_0，Ollama 0.32.15；各种指南说 24 GB 显卡为 6 到 8 个</translation>
    </message>
    <message>
        <source>8B Q8_0 on an H200 with Ollama 0.32.15</source>
        <translation>H200 上的 8B Q8_0，Ollama 0.32.15</translation>
    </message>
    <message>
        <source>Qwen2.5 7B Q8_0 on a GB10, llama.cpp benches/dgx-spark.md</source>
        <translation>GB10 上的 Qwen2.5 7B Q8_0，llama.cpp benches/dgx-spark.md</translation>
    </message>
    <message>
        <source>on an M1 with Ollama 0.30.7 eight at once made as many tokens/s as one</source>
        <translation>M1，Ollama 0.30.7：同时 8 个的词元/秒与 1 个相同</translation>
    </message>
    <message>
        <source>M2 Ultra, llama.cpp #10581</source>
        <translation>M2 Ultra，llama.cpp #10581</translation>
    </message>
    <message>
        <source>2 cores with Ollama 0.32.15</source>
        <translation>2 个核心，Ollama 0.32.15</translation>
    </message>
    <message>
        <source>gpt-oss 20B on a GB10, llama.cpp benches/dgx-spark.md</source>
        <translation>GB10 上的 gpt-oss 20B，llama.cpp benches/dgx-spark.md</translation>
    </message>
    <message>
        <source>workers take turns</source>
        <translation>工作进程轮流计算</translation>
    </message>
    <message>
        <source>no measurement is known, so no gain is counted</source>
        <translation>没有已知的测量，因此不计收益</translation>
    </message>
    <message>
        <source>No model is known here: these are typical ones.</source>
        <translation>此处没有已知的模型：这些是典型的模型。</translation>
    </message>
    <message>
        <source>{model} is not known here, and is left out.</source>
        <translation>此处不知道 {model}，已略去。</translation>
    </message>
    <message>
        <source>RAG needs an embedding model: {model} is reckoned with; ollama-panel pull {model} fetches it.</source>
        <translation>RAG 需要一个嵌入模型：这里按 {model} 计算；用 ollama-panel pull {model} 获取。</translation>
    </message>
    <message>
        <source>The layout of {model} is not known: it is reckoned like {like}, so the memory is an estimate.</source>
        <translation>{model} 的结构未知：按 {like} 计算，因此内存只是估计。</translation>
    </message>
    <message>
        <source>Other models, each loaded in turn while this one is not needed: {models}.</source>
        <translation>其他模型，在不需要这个模型时各自轮流加载：{models}。</translation>
    </message>
    <message>
        <source>{model} in {new} instead of {old}: about {size:bytes} instead of {before:bytes} saves {saved:bytes} ({new_bits:number} of {old_bits:number} bits per weight). {gain}</source>
        <translation>{model} 用 {new} 代替 {old}：约 {size:bytes}，而不是 {before:bytes}，节省 {saved:bytes}（每个权重 {new_bits:number} 位，而不是 {old_bits:number} 位）。{gain}</translation>
    </message>
    <message>
        <source>Then it fits, with a context of {context:count} tokens.</source>
        <translation>这样就放得下，上下文为 {context:count} 个词元。</translation>
    </message>
    <message>
        <source>Then parallel {parallel:count} and a context of {context:count} tokens fit.</source>
        <translation>这样就放得下并行 {parallel:count} 和 {context:count} 个词元的上下文。</translation>
    </message>
    <message>
        <source>Then it writes about {factor:number} times as fast.</source>
        <translation>这样写得约快 {factor:number} 倍。</translation>
    </message>
    <message>
        <source>With {model}, {size:bytes}, parallel {parallel:count} and a context of {context:count} tokens would fit.</source>
        <translation>用 {model}（{size:bytes}）则放得下并行 {parallel:count} 和 {context:count} 个词元的上下文。</translation>
    </message>
    <message>
        <source>{model} alone fits, with a context of {context:count} tokens.</source>
        <translation>单独的 {model} 放得下，上下文为 {context:count} 个词元。</translation>
    </message>
    <message>
        <source>This would fit: {model}, {size:bytes}, with a context of {context:count} tokens.</source>
        <translation>放得下的有：{model}，{size:bytes}，上下文为 {context:count} 个词元。</translation>
    </message>
    <message>
        <source>No model is small enough for this machine.</source>
        <translation>没有足够小的模型适合这台机器。</translation>
    </message>
    <message>
        <source>{family}: Ollama does not hold it back, so it runs as many requests at once as parallel says. Each needs memory for its own context.</source>
        <translation>{family}：Ollama 不加限制，因此并行设为多少就同时运行多少个请求。每个请求都需要存放自己上下文的内存。</translation>
    </message>
    <message>
        <source>{told} It has been so since Ollama {version}.</source>
        <translation>{told}自 Ollama {version} 起如此。</translation>
    </message>
    <message>
        <source>{family}: Ollama {version} runs several requests at once; from {since} on it runs one at a time.</source>
        <translation>{family}：Ollama {version} 会同时运行多个请求；从 {since} 起一次只运行一个。</translation>
    </message>
    <message>
        <source>A context of {context:count} tokens is short for this: {least:count} are the least that is useful.</source>
        <translation>{context:count} 个词元的上下文对此用途偏短：至少 {least:count} 个才有用。</translation>
    </message>
    <message>
        <source>About {alone:number} tokens/s is slower than people read: a smaller model would be quicker.</source>
        <translation>约 {alone:number} 词元/秒，比人的阅读速度慢：更小的模型会更快。</translation>
    </message>
    <message>
        <source>The memory of the machine is missing: say, for example, --memory 16GiB.</source>
        <translation>缺少机器的内存：例如写 --memory 16GiB。</translation>
    </message>
    <message>
        <source>The card &quot;{given}&quot; is not understood, or its memory is not known: say, for example, --gpu &quot;RTX 4070 12GiB&quot; or &quot;2x RTX 4090 24GiB&quot;.</source>
        <translation>无法理解显卡“{given}”，或不知道其显存：例如写 --gpu &quot;RTX 4070 12GiB&quot; 或 &quot;2x RTX 4090 24GiB&quot;。</translation>
    </message>
    <message>
        <source>&quot;{given}&quot; is no size of a memory: say, for example, 16GiB.</source>
        <translation>“{given}”不是内存大小：例如写 16GiB。</translation>
    </message>
    <message>
        <source>Let the workers use that folder, which they can read:</source>
        <translation>让工作进程使用该文件夹，它们可以读取：</translation>
    </message>
    <message>
        <source>Let the workers use that folder, which they can read, instead of {folder}, whose models are then left alone:</source>
        <translation>让工作进程使用该文件夹（它们可以读取），而不再使用 {folder}；后者中的模型保持不动：</translation>
    </message>
    <message>
        <source>Let the workers read that folder; then this message offers it by itself. {why} What it needs:</source>
        <translation>让工作进程能读取该文件夹；之后此消息会自动提供使用它的选项。{why}需要：</translation>
    </message>
    <message>
        <source>Let the workers read that folder; then they serve its models by themselves. {why} What it needs:</source>
        <translation>让工作进程可以读取该文件夹；之后它们会自动用其中的模型提供服务。{why}需要：</translation>
    </message>
    <message>
        <source>Let the workers read that folder: {why} Give {user} the right to read it.</source>
        <translation>让工作进程能读取该文件夹：{why}请给 {user} 读取它的权限。</translation>
    </message>
    <message>
        <source>{path} is closed to {user}: it belongs to {owner}, group {group}, with mode {mode}.</source>
        <translation>{user} 无法进入 {path}：它属于 {owner}，组 {group}，权限 {mode}。</translation>
    </message>
    <message>
        <source>{command} # adds you to group {group}; it counts when you have logged in again and started the panel anew</source>
        <translation>{command} # 把您加入组 {group}；重新登录并重新启动面板后生效</translation>
    </message>
    <message>
        <source>Log in again and start the panel anew: you are in group {group}, but this session is older.</source>
        <translation>请重新登录并重新启动面板：您已在组 {group} 中，但当前会话更早开始。</translation>
    </message>
    <message>
        <source>{command} # lets group {group} pass through that folder</source>
        <translation>{command} # 让组 {group} 可以穿过该文件夹</translation>
    </message>
    <message>
        <source>{command} # lets group {group} read the models</source>
        <translation>{command} # 让组 {group} 可以读取模型</translation>
    </message>
    <message>
        <source>{command} # lets {user} alone in; needs the package acl</source>
        <translation>{command} # 只允许 {user} 进入；需要软件包 acl</translation>
    </message>
    <message>
        <source>{command} # sets that folder; the workers restart one after the other</source>
        <translation>{command} # 设置该文件夹；工作进程逐个重启</translation>
    </message>
    <message>
        <source>{command} # writes the settings of the workers to that file</source>
        <translation>{command} # 把工作进程的设置写入该文件</translation>
    </message>
    <message>
        <source>{command} # stops the panel&apos;s own workers of that pool, whose ports the services take</source>
        <translation>{command} # 停止面板自己在该池中的工作进程，其端口由服务接管</translation>
    </message>
    <message>
        <source>{command} # makes and starts a service for each worker; the panel finds and uses them</source>
        <translation>{command} # 为每个工作进程创建并启动服务；面板会找到并使用它们</translation>
    </message>
    <message>
        <source>{command} # puts the file where systemd reads it</source>
        <translation>{command} # 把文件放到 systemd 读取的位置</translation>
    </message>
    <message>
        <source>{command} # lets systemd read it</source>
        <translation>{command} # 让 systemd 读取它</translation>
    </message>
    <message>
        <source>{command} # restarts the server with it</source>
        <translation>{command} # 以此设置重启服务器</translation>
    </message>
    <message>
        <source>If you know that folder, let the workers use it:</source>
        <translation>如果您知道该文件夹，可让工作进程使用它：</translation>
    </message>
    <message>
        <source>Let services of user {user} be the workers, with the same folder:</source>
        <translation>让用户 {user} 的服务充当工作进程，使用同一文件夹：</translation>
    </message>
    <message>
        <source>Leave it so: that server alone answers, {slots}. For more, give it the settings of the first worker and restart it:</source>
        <translation>保持现状：只由该服务器应答，{slots}。如需更多，请给它第一个工作进程的设置并重启：</translation>
    </message>
    <message>
        <source>{workers} cannot serve: the models are in {folder}, which the panel&apos;s workers cannot read.</source>
        <translation>{workers} 无法提供服务：模型在 {folder} 中，面板的工作进程无法读取它。</translation>
    </message>
    <message>
        <source>The pools cannot serve: the panel&apos;s workers cannot read the folder of their models, {folder}. The server at {url} ({who}) can: every request for them goes there, {slots}.</source>
        <translation>池无法提供服务：面板的工作进程无法读取其模型文件夹 {folder}。位于 {url} 的服务器（{who}）可以读取：对这些模型的所有请求都发往该服务器，{slots}。</translation>
    </message>
    <message>
        <source>The pools cannot serve: the models are with the server at {url} ({who}), in {folder}, and the panel&apos;s workers have none of them. Every request goes to that server, {slots}.</source>
        <translation>池无法提供服务：模型在 {url} 的服务器（{who}）那里，位于 {folder}，面板自己的工作进程一个也没有。所有请求都转到该服务器，{slots}。</translation>
    </message>
    <message>
        <source>JSON has no comments</source>
        <translation>JSON 没有注释</translation>
    </message>
    <message>
        <source>there is a comma after the last value</source>
        <translation>最后一个值后面多了一个逗号</translation>
    </message>
    <message>
        <source>a comma is missing before this</source>
        <translation>此处之前缺少逗号</translation>
    </message>
    <message>
        <source>a colon is missing between a name and its value</source>
        <translation>名称与值之间缺少冒号</translation>
    </message>
    <message>
        <source>the text ends too early: a bracket or a value is missing</source>
        <translation>文本过早结束：缺少括号或值</translation>
    </message>
    <message>
        <source>something follows after the last bracket</source>
        <translation>最后一个括号之后还有内容</translation>
    </message>
    <message>
        <source>names and texts need double quotes (&quot;)</source>
        <translation>名称和文本需要用双引号（&quot;）</translation>
    </message>
    <message>
        <source>the name {name} needs double quotes (&quot;)</source>
        <translation>名称 {name} 需要用双引号（&quot;）</translation>
    </message>
    <message>
        <source>the closing quote of a text is missing</source>
        <translation>文本缺少结束引号</translation>
    </message>
    <message>
        <source>a text has a line break or a tab in it, or its closing quote is missing</source>
        <translation>文本中有换行或制表符，或缺少结束引号</translation>
    </message>
    <message>
        <source>a backslash in a text is written twice</source>
        <translation>文本中的反斜杠要写两次</translation>
    </message>
    <message>
        <source>{word} is not known: write true, false or null</source>
        <translation>无法识别 {word}：请写 true、false 或 null</translation>
    </message>
    <message>
        <source>this is not UTF-8: save the file in that encoding</source>
        <translation>此处不是 UTF-8：请以该编码保存文件</translation>
    </message>
    <message>
        <source>this is not what JSON has here ({words})</source>
        <translation>此处不符合 JSON 语法（{words}）</translation>
    </message>
    <message>
        <source>is on now: it was off, as earlier versions had it by default. To turn it off: ollama-panel settings set proxy.heartbeat_plain off</source>
        <translation>现已开启：它原先处于关闭状态，这是早期版本的默认值。如需关闭：ollama-panel settings set proxy.heartbeat_plain off</translation>
    </message>
    <message>
        <source>{wrong}; &quot;{used}&quot; is used.</source>
        <translation>{wrong}；将使用“{used}”。</translation>
    </message>
    <message>
        <source>{wrong}; the default is used.</source>
        <translation>{wrong}；将使用默认值。</translation>
    </message>
    <message>
        <source>{wrong}; the usual pair is used.</source>
        <translation>{wrong}；将使用默认的两个池。</translation>
    </message>
    <message>
        <source>{wrong}; &quot;{name}&quot; is used for the second.</source>
        <translation>{wrong}；第二个将使用“{name}”。</translation>
    </message>
    <message>
        <source>{wrong}; it is ignored.</source>
        <translation>{wrong}；已忽略。</translation>
    </message>
    <message>
        <source>{wrong}; the pool is left out.</source>
        <translation>{wrong}；该池已略去。</translation>
    </message>
    <message>
        <source>{wrong}; version {version} is assumed.</source>
        <translation>{wrong}；按版本 {version} 处理。</translation>
    </message>
    <message>
        <source>is {written}, newer than that of this panel ({version}); unknown settings are ignored.</source>
        <translation>为 {written}，比此面板的版本（{version}）新；未知的设置将被忽略。</translation>
    </message>
    <message>
        <source>{why} All settings have their defaults.</source>
        <translation>{why}所有设置均为默认值。</translation>
    </message>
    <message>
        <source>{why} It is kept as {name}; the defaults are used.</source>
        <translation>{why}它已保留为 {name}；将使用默认值。</translation>
    </message>
    <message>
        <source>{why} It cannot be moved aside ({reason}); the defaults are used.</source>
        <translation>{why}无法将其移开（{reason}）；将使用默认值。</translation>
    </message>
    <message>
        <source>{why} The settings stay as they are.</source>
        <translation>{why}设置保持不变。</translation>
    </message>
    <message>
        <source>&quot;{name}&quot; is not a variable name: use letters, digits and underscores, and no digit first.</source>
        <translation>“{name}”不是变量名：请使用字母、数字和下划线，且不要以数字开头。</translation>
    </message>
    <message>
        <source>{name} does not exist in Ollama, although guides name it: {advice}.</source>
        <translation>Ollama 中没有 {name}，尽管有些教程提到它：{advice}。</translation>
    </message>
    <message>
        <source>Ollama no longer reads {name}; {version} was the last version that did: remove it.</source>
        <translation>Ollama 不再读取 {name}；最后读取它的版本是 {version}：请将其移除。</translation>
    </message>
    <message>
        <source>{name} has no effect: Ollama gives its runner this on the command line, which wins over the variable; {advice}.</source>
        <translation>{name} 不起作用：Ollama 会在命令行上把它传给运行器，命令行优先于该变量；{advice}。</translation>
    </message>
    <message>
        <source>Ollama does not read {name}; did you mean {meant}?</source>
        <translation>Ollama 不读取 {name}；您是指 {meant} 吗？</translation>
    </message>
    <message>
        <source>Ollama does not read {name}: check the name, or remove it.</source>
        <translation>Ollama 不读取 {name}：请检查名称，或将其移除。</translation>
    </message>
    <message>
        <source>The value of {name} has a line break or a null byte: write it on one line.</source>
        <translation>{name} 的值含有换行符或空字节：请写在一行内。</translation>
    </message>
    <message>
        <source>{name} must be a whole number, not &quot;{given}&quot;; Ollama would use {default} instead.</source>
        <translation>{name} 应为整数，而不是“{given}”；Ollama 会改用 {default}。</translation>
    </message>
    <message>
        <source>{name} must be at least {limit}, not {given}.</source>
        <translation>{name} 应不小于 {limit}，而不是 {given}。</translation>
    </message>
    <message>
        <source>{name} must be at most {limit}, not {given}.</source>
        <translation>{name} 应不大于 {limit}，而不是 {given}。</translation>
    </message>
    <message>
        <source>{name} must be 1 or 0, not &quot;{given}&quot;; Ollama would read that as 1.</source>
        <translation>{name} 应为 1 或 0，而不是“{given}”；Ollama 会将其视为 1。</translation>
    </message>
    <message>
        <source>{name} must be on or off, not &quot;{given}&quot;.</source>
        <translation>{name} 应为 on 或 off，而不是“{given}”。</translation>
    </message>
    <message>
        <source>{name} must be a time such as 90s, 5m, 24h or -1, not &quot;{given}&quot;; Ollama would silently use {default}.</source>
        <translation>{name} 应为时长，例如 90s、5m、24h 或 -1，而不是“{given}”；Ollama 会不加提示地使用 {default}。</translation>
    </message>
    <message>
        <source>{name} must be one of {choices}, not &quot;{given}&quot;.</source>
        <translation>{name} 应为以下之一：{choices}，而不是“{given}”。</translation>
    </message>
    <message>
        <source>{name} must be an address such as 127.0.0.1:11434, not &quot;{given}&quot;.</source>
        <translation>{name} 应为地址，例如 127.0.0.1:11434，而不是“{given}”。</translation>
    </message>
    <message>
        <source>OLLAMA_HOST is set by the panel, which gives every instance its own address: remove it here.</source>
        <translation>OLLAMA_HOST 由面板设置，面板会为每个实例分配各自的地址：请在此处移除。</translation>
    </message>
    <message>
        <source>OLLAMA_NUM_PARALLEL overrides the pool&apos;s parallel slider: use the slider and remove it here.</source>
        <translation>OLLAMA_NUM_PARALLEL 会覆盖池的“并行”滑块：请使用滑块，并在此处移除。</translation>
    </message>
    <message>
        <source>OLLAMA_CONTEXT_LENGTH overrides the pool&apos;s context length: set that and remove it here.</source>
        <translation>OLLAMA_CONTEXT_LENGTH 会覆盖池的上下文长度：请设置上下文长度，并在此处移除。</translation>
    </message>
    <message>
        <source>{where} {wrong}.</source>
        <translation>{where}：{wrong}。</translation>
    </message>
    <message>
        <source>The panel listens on {url} now: clients must use that address.</source>
        <translation>面板现在监听 {url}：客户端必须使用此地址。</translation>
    </message>
    <message>
        <source>The ollama command, and Ollama&apos;s client libraries:</source>
        <translation>ollama 命令和 Ollama 的客户端库：</translation>
    </message>
    <message>
        <source>Clients that speak OpenAI&apos;s dialect:</source>
        <translation>使用 OpenAI 接口的客户端：</translation>
    </message>
    <message>
        <source>{command} # before the client is started</source>
        <translation>{command} # 在启动客户端之前</translation>
    </message>
    <message>
        <source>Demonstration: these instances are simulated. Numbers are not your machine&apos;s.</source>
        <translation>演示：这些实例是模拟的，数字并非来自您的机器。</translation>
    </message>
    <message>
        <source>The proxy is off: clients are not answered.</source>
        <translation>代理已关闭：客户端得不到响应。</translation>
    </message>
    <message>
        <source>The queue is paused: requests wait until you resume it ({waiting:count} now).</source>
        <translation>队列已暂停：请求会等到您恢复队列（现有 {waiting:count} 个）。</translation>
    </message>
    <message>
        <source>All instances are stopped: requests wait until you start one.</source>
        <translation>所有实例都已停止：请求会等到您启动一个实例。</translation>
    </message>
    <message>
        <source>{why} It is being started again (try {number:count} of {all:count}).</source>
        <translation>{why}正在重新启动（第 {number:count} 次，共 {all:count} 次）。</translation>
    </message>
    <message>
        <source>The Ollama app runs and wants port {port}, which the panel has: it starts a server in vain every second. An app before 0.22.1 also ends the panel&apos;s workers once; the panel starts them again.</source>
        <translation>Ollama 应用正在运行，并且要使用面板占用的端口 {port}：它每秒都徒劳地启动一次服务器。0.22.1 之前的应用还会结束一次面板的工作进程；面板会重新启动它们。</translation>
    </message>
    <message>
        <source>launchctl did not switch the start at login on ({reason}): allow Ollama Panel in System Settings, under Login Items.</source>
        <translation>launchctl 未能开启登录时启动（{reason}）：请在“系统设置”的“登录项”中允许 Ollama Panel。</translation>
    </message>
    <message>
        <source>&quot;{key}&quot; is written by the panel alone: leave it as it is.</source>
        <translation>“{key}”只由面板写入：请保持原样。</translation>
    </message>
    <message>
        <source>&quot;{key}&quot; has no default: reset the settings in a group one by one, or set a value.</source>
        <translation>“{key}”没有默认值：请逐项重置组中的设置，或者设定一个值。</translation>
    </message>
    <message>
        <source>There is no setting &quot;{key}&quot;; the nearest is &quot;{nearest}&quot;.</source>
        <translation>没有名为“{key}”的设置；最接近的是“{nearest}”。</translation>
    </message>
    <message>
        <source>There is no setting &quot;{key}&quot;; there are {known}.</source>
        <translation>没有名为“{key}”的设置；现有：{known}。</translation>
    </message>
    <message>
        <source>It is not valid JSON: line {line}, column {column}: {reason}.</source>
        <translation>它不是有效的 JSON：第 {line} 行第 {column} 列：{reason}。</translation>
    </message>
    <message>
        <source>It has a number with too many digits, or brackets too deep within brackets.</source>
        <translation>其中有位数过多的数字，或括号嵌套过深。</translation>
    </message>
    <message>
        <source>It is not a JSON object.</source>
        <translation>它不是 JSON 对象。</translation>
    </message>
    <message>
        <source>{path}: {why} Nothing was changed: mend the file, or delete it to begin anew.</source>
        <translation>{path}：{why} 未做任何更改：请修正该文件，或将其删除以重新开始。</translation>
    </message>
    <message>
        <source>{path} is a link to {target}, which does not exist.</source>
        <translation>{path} 是指向 {target} 的链接，而后者不存在。</translation>
    </message>
    <message>
        <source>{path} cannot be backed up ({reason}); nothing was changed.</source>
        <translation>无法备份 {path}（{reason}）；未作任何更改。</translation>
    </message>
    <message>
        <source>set the parallel of a pool, pools.NAME.parallel</source>
        <translation>请设置池的“并行”，即 pools.NAME.parallel</translation>
    </message>
    <message>
        <source>set the context length of a pool, pools.NAME.context_length</source>
        <translation>请设置池的“上下文长度”，即 pools.NAME.context_length</translation>
    </message>
    <message>
        <source>clients use the panel&apos;s address: set proxy.host and proxy.port</source>
        <translation>客户端使用面板的地址：请设置 proxy.host 和 proxy.port</translation>
    </message>
    <message>
        <source>web pages use the panel: set proxy.allowed_origins</source>
        <translation>网页访问的是面板：请设置 proxy.allowed_origins</translation>
    </message>
    <message>
        <source>ollama.models_dir is set, too, and wins</source>
        <translation>同时设置了 ollama.models_dir，以其为准</translation>
    </message>
    <message>
        <source>only Ollama up to {version} reads it</source>
        <translation>只有 {version} 及更早的 Ollama 会读取</translation>
    </message>
    <message>
        <source>{meant} may be meant</source>
        <translation>可能是指 {meant}</translation>
    </message>
    <message>
        <source>Ollama does not read it</source>
        <translation>Ollama 不读取它</translation>
    </message>
    <message>
        <source>{name} ({advice})</source>
        <translation>{name}（{advice}）</translation>
    </message>
    <message>
        <source>environment</source>
        <translation>环境变量</translation>
    </message>
    <message>
        <source>{name} must be an address without a path: the server ignores /{path}, and Ollama&apos;s commands would put it before everything that they ask for.</source>
        <translation>{name} 必须是不带路径的地址：服务器会忽略 /{path}，而 Ollama 的命令会把它加在每个请求之前。</translation>
    </message>
    <message>
        <source>{name} must be in bytes: {given} of them are nothing. {given} MiB are {bytes}.</source>
        <translation>{name} 必须以字节为单位：{given} 字节几乎为零。{given} MiB 是 {bytes}。</translation>
    </message>
    <message>
        <source>{name} must be the name of a folder in lib/ollama, such as cuda_v13, rocm or vulkan, not &quot;{given}&quot;; Ollama would find no GPU.</source>
        <translation>{name} 必须是 lib/ollama 中某个文件夹的名称，例如 cuda_v13、rocm 或 vulkan，而不是“{given}”；否则 Ollama 找不到 GPU。</translation>
    </message>
    <message>
        <source>{name} must be origins with their schemes, separated by commas without blanks, such as http://a.example,https://b.example, not &quot;{given}&quot;.</source>
        <translation>{name} 必须是带协议的来源，以逗号分隔且不含空格，例如 http://a.example,https://b.example，而不是“{given}”。</translation>
    </message>
    <message>
        <source>The panel was started with variables that have no effect on its workers: {variables}.</source>
        <translation>启动面板时设置的这些变量对其工作进程不起作用：{variables}。</translation>
    </message>
    <message>
        <source>OLLAMA_ORIGINS has no effect here, because web pages use the panel, not its workers: set proxy.allowed_origins and remove it here.</source>
        <translation>OLLAMA_ORIGINS 在此不起作用，因为网页访问的是面板而不是其工作进程：请设置 proxy.allowed_origins，并在此处移除。</translation>
    </message>
    <message>
        <source>Made by Ollama Panel {version} on {date} from these settings:</source>
        <translation>由 Ollama Panel {version} 于 {date} 根据以下设置生成：</translation>
    </message>
    <message>
        <source>pool {pool} ({role}): 1 worker, parallel {parallel}, context {context}</source>
        <translation>池 {pool}（{role}）：1 个工作进程，并行 {parallel}，上下文 {context}</translation>
    </message>
    <message>
        <source>pool {pool} ({role}): {workers} workers, parallel {parallel}, context {context}</source>
        <translation>池 {pool}（{role}）：{workers} 个工作进程，并行 {parallel}，上下文 {context}</translation>
    </message>
    <message>
        <source>chat</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>vision</source>
        <translation>视觉</translation>
    </message>
    <message>
        <source>batch</source>
        <translation>批处理</translation>
    </message>
    <message>
        <source>{variable} divides the cores of this machine: several workers of one role that all compute on every core slow each other down several times. Change it for another machine.</source>
        <translation>{variable} 用于划分本机的核心：同一角色的多个工作进程若都在全部核心上计算，会使彼此慢上数倍。用于其他机器时请修改。</translation>
    </message>
    <message>
        <source>Secrets are left out: set {variables} yourself where Ollama runs.</source>
        <translation>不包含机密信息：请在运行 Ollama 的地方自行设置 {variables}。</translation>
    </message>
    <message>
        <source>systemd drop-in</source>
        <translation>systemd 覆盖配置</translation>
    </message>
    <message>
        <source>Settings of the first worker for the ollama.service that Ollama&apos;s installer made.</source>
        <translation>第一个工作进程的设置，用于 Ollama 安装程序创建的 ollama.service。</translation>
    </message>
    <message>
        <source>The other workers need units of their own: see {target}.</source>
        <translation>其他工作进程需要各自的单元：参见 {target}。</translation>
    </message>
    <message>
        <source>Worker {worker}. OLLAMA_HOST is left as it is: 127.0.0.1:11434 unless set elsewhere.</source>
        <translation>工作进程 {worker}。OLLAMA_HOST 保持不变：除非在别处设置，否则为 127.0.0.1:11434。</translation>
    </message>
    <message>
        <source>systemd units</source>
        <translation>systemd 单元</translation>
    </message>
    <message>
        <source>Ollama worker {worker} on {url}</source>
        <translation>Ollama 工作进程 {worker}，位于 {url}</translation>
    </message>
    <message>
        <source>Shell script</source>
        <translation>Shell 脚本</translation>
    </message>
    <message>
        <source>Starts every worker in a terminal and stops them all on Ctrl-C.</source>
        <translation>在终端中启动每个工作进程，按 Ctrl-C 全部停止。</translation>
    </message>
    <message>
        <source>Starts every worker, waits until each one answers, and stops them all on Ctrl-C.</source>
        <translation>启动每个工作进程，等待其逐一响应，按 Ctrl-C 全部停止。</translation>
    </message>
    <message>
        <source>curl or wget is needed to see when Ollama is ready: install one of them.</source>
        <translation>需要 curl 或 wget 来判断 Ollama 何时就绪：请安装其中之一。</translation>
    </message>
    <message>
        <source>wait_for NAME URL PID: at most a minute</source>
        <translation>wait_for NAME URL PID：最多一分钟</translation>
    </message>
    <message>
        <source>{worker} has ended before it was ready: see its messages above.</source>
        <translation>{worker} 尚未就绪就已结束：请查看上方的消息。</translation>
    </message>
    <message>
        <source>{worker} does not answer on {url} after a minute: see its messages above.</source>
        <translation>{worker} 一分钟后仍未在 {url} 响应：请查看上方的消息。</translation>
    </message>
    <message>
        <source>{worker} is ready on {url}</source>
        <translation>{worker} 已就绪，位于 {url}</translation>
    </message>
    <message>
        <source>All workers are ready. Ctrl-C stops them.</source>
        <translation>所有工作进程均已就绪。按 Ctrl-C 停止。</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON 文档</translation>
    </message>
    <message>
        <source>All settings and the command, address and environment of every worker, for programs.</source>
        <translation>所有设置，以及每个工作进程的命令、地址和环境变量，供程序使用。</translation>
    </message>
    <message>
        <source>For programs: the field `meaning` explains the other fields.</source>
        <translation>供程序使用：字段 `meaning` 说明其他字段。</translation>
    </message>
    <message>
        <source>The panel&apos;s settings, as in its settings.json, without API keys.</source>
        <translation>面板的设置，与其 settings.json 相同，但不含 API 密钥。</translation>
    </message>
    <message>
        <source>How many Ollama servers the pool runs.</source>
        <translation>该池运行的 Ollama 服务器数量。</translation>
    </message>
    <message>
        <source>OLLAMA_NUM_PARALLEL of each: requests that a loaded model works on at once.</source>
        <translation>每个服务器的 OLLAMA_NUM_PARALLEL：已加载的模型同时处理的请求数。</translation>
    </message>
    <message>
        <source>OLLAMA_CONTEXT_LENGTH of each: tokens per request.</source>
        <translation>每个服务器的 OLLAMA_CONTEXT_LENGTH：每个请求的词元数。</translation>
    </message>
    <message>
        <source>The servers that result from the settings, in the order of the pools.</source>
        <translation>由设置得出的服务器，按池的顺序排列。</translation>
    </message>
    <message>
        <source>Where the server answers.</source>
        <translation>服务器响应的地址。</translation>
    </message>
    <message>
        <source>The command that starts it.</source>
        <translation>启动它的命令。</translation>
    </message>
    <message>
        <source>The variables to add to the environment that the command inherits.</source>
        <translation>要添加到该命令所继承环境中的变量。</translation>
    </message>
    <message>
        <source>a shell script</source>
        <translation>Shell 脚本中</translation>
    </message>
    <message>
        <source>a systemd unit</source>
        <translation>systemd 单元中</translation>
    </message>
    <message>
        <source>There is no export target &quot;{target}&quot;; there are {known}.</source>
        <translation>没有名为“{target}”的导出目标；现有：{known}。</translation>
    </message>
    <message>
        <source>There is no worker to export: give a pool at least one worker.</source>
        <translation>没有可导出的工作进程：请至少为一个池设置一个工作进程。</translation>
    </message>
    <message>
        <source>&quot;{name}&quot; in the environment of pool {pool} is not a variable name: rename it.</source>
        <translation>池 {pool} 的环境变量中的“{name}”不是变量名：请重命名。</translation>
    </message>
    <message>
        <source>{name} in the environment of pool {pool} has a line break or control character, which {place} cannot hold: take it out.</source>
        <translation>池 {pool} 的环境变量 {name} 含有换行符或控制字符，{place}不能包含它：请将其删除。</translation>
    </message>
    <message>
        <source>A systemd unit needs the full path of Ollama, not &quot;{program}&quot;: set it in Settings.</source>
        <translation>systemd 单元需要 Ollama 的完整路径，而不是“{program}”：请在“设置”中填写。</translation>
    </message>
</context>
<context>
    <name>offers</name>
    <message>
        <source>Raise to {tokens}</source>
        <translation>提高到 {tokens}</translation>
    </message>
    <message>
        <source>Use that folder</source>
        <translation>使用该文件夹</translation>
    </message>
    <message>
        <source>Gives {pools} a context of {tokens} tokens; its workers restart one after another</source>
        <translation>把 {pools} 的上下文设为 {tokens} 个词元；其工作进程逐个重启</translation>
    </message>
    <message>
        <source>Sets the folder of the models to {path}; the workers restart one after another</source>
        <translation>把模型文件夹设为 {path}；工作进程逐个重启</translation>
    </message>
    <message>
        <source>Open log</source>
        <translation>打开日志</translation>
    </message>
    <message>
        <source>Opens the folder with the panel&apos;s log</source>
        <translation>打开面板日志所在的文件夹</translation>
    </message>
    <message>
        <source>Restart engine</source>
        <translation>重启引擎</translation>
    </message>
    <message>
        <source>Starts a new engine; instances start again</source>
        <translation>启动新的引擎；实例会重新启动</translation>
    </message>
    <message>
        <source>Use next free port</source>
        <translation>使用下一个空闲端口</translation>
    </message>
    <message>
        <source>Sets the next port that is free; clients must use the new address</source>
        <translation>改用下一个空闲端口；客户端必须使用新地址</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Tries to listen now; the panel also does so every few seconds</source>
        <translation>立即尝试监听；面板自己也会每隔几秒重试</translation>
    </message>
    <message>
        <source>Switch on</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Answers clients on the panel&apos;s address</source>
        <translation>在面板的地址上响应客户端</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Sends waiting requests to the instances again</source>
        <translation>重新把等待的请求发给实例</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>Starts it now, with as many tries as at first</source>
        <translation>立即启动，尝试次数重新计算</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>Replaces the server&apos;s process</source>
        <translation>更换服务器进程</translation>
    </message>
    <message>
        <source>Start all</source>
        <translation>全部启动</translation>
    </message>
    <message>
        <source>Starts every managed instance that is stopped</source>
        <translation>启动所有已停止的受管实例</translation>
    </message>
    <message>
        <source>Install Ollama</source>
        <translation>安装 Ollama</translation>
    </message>
    <message>
        <source>Opens {url} in your browser</source>
        <translation>在浏览器中打开 {url}</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>接管</translation>
    </message>
    <message>
        <source>Does the steps that are left, until the panel listens at that address</source>
        <translation>执行剩下的步骤，直到面板在该地址监听</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>Undoes the steps that were done, until Ollama listens there as before</source>
        <translation>撤销已做的步骤，直到 Ollama 像以前一样在那里监听</translation>
    </message>
    <message>
        <source>Take it back</source>
        <translation>收回</translation>
    </message>
    <message>
        <source>Requests that wait are answered again; the models are loaded as they are needed</source>
        <translation>等待的请求会继续得到回答；模型在需要时加载</translation>
    </message>
    <message>
        <source>Starts a successor with the settings once more; the worker serves on meanwhile</source>
        <translation>再次以这些设置启动后继进程；期间工作进程继续服务</translation>
    </message>
    <message>
        <source>What to change…</source>
        <translation>如何更改…</translation>
    </message>
    <message>
        <source>Opens the page that shows how programs come to the panel</source>
        <translation>打开说明程序如何接入面板的页面</translation>
    </message>
    <message>
        <source>Follow updates from now on</source>
        <translation>从现在起跟随更新</translation>
    </message>
    <message>
        <source>Workers restart one after another when they are idle</source>
        <translation>工作进程空闲时会依次重启</translation>
    </message>
    <message>
        <source>Changes {pools}; its workers restart one after another</source>
        <translation>更改 {pools}；其工作进程将逐个重新启动</translation>
    </message>
    <message>
        <source>Context {tokens}</source>
        <translation>上下文 {tokens}</translation>
    </message>
    <message>
        <source>Workers {number}</source>
        <translation>工作进程 {number}</translation>
    </message>
    <message>
        <source>Parallel {number}</source>
        <translation>并行 {number}</translation>
    </message>
</context>
<context>
    <name>phases</name>
    <message>
        <source>Draining</source>
        <translation>排空中</translation>
    </message>
    <message>
        <source>Stalled</source>
        <translation>停滞</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>启动中</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Retrying</source>
        <translation>重试中</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>停止中</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>无响应</translation>
    </message>
    <message>
        <source>Hung</source>
        <translation>卡死</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>加载中</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>GPU memory</source>
        <translation>显存</translation>
    </message>
    <message>
        <source>Unified memory</source>
        <translation>统一内存</translation>
    </message>
    <message>
        <source>System memory</source>
        <translation>系统内存</translation>
    </message>
    <message>
        <source>log line</source>
        <translation>日志行</translation>
    </message>
    <message>
        <source>runner command line</source>
        <translation>运行器命令行</translation>
    </message>
    <message>
        <source>list of loaded models</source>
        <translation>已加载模型列表</translation>
    </message>
    <message>
        <source>environment</source>
        <translation>环境变量</translation>
    </message>
    <message>
        <source>forced by Ollama</source>
        <translation>Ollama 强制</translation>
    </message>
    <message>
        <source>default of this version</source>
        <translation>此版本的默认值</translation>
    </message>
    <message>
        <source>unknown: 1</source>
        <translation>未知：按 1</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Context per slot</source>
        <translation>每槽位上下文</translation>
    </message>
    <message>
        <source>KV cache type</source>
        <translation>KV 缓存类型</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV 缓存</translation>
    </message>
    <message>
        <source>Flash attention</source>
        <translation>Flash 注意力</translation>
    </message>
    <message>
        <source>Layers on GPU</source>
        <translation>GPU 上的层</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Compute buffers</source>
        <translation>计算缓冲区</translation>
    </message>
    <message>
        <source>CPU threads</source>
        <translation>CPU 线程</translation>
    </message>
    <message>
        <source>Prompt cache, at most</source>
        <translation>提示缓存上限</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>unlimited</source>
        <translation>无限制</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Ollama&apos;s own</source>
        <translation>Ollama 自有</translation>
    </message>
    <message>
        <source>llama.cpp in Ollama</source>
        <translation>Ollama 内的 llama.cpp</translation>
    </message>
</context>
<context>
    <name>presets</name>
    <message>
        <source>Context cache in 8 bits</source>
        <translation>8 位上下文缓存</translation>
    </message>
    <message>
        <source>Stores the context cache as q8_0, and switches on flash attention, which that needs.</source>
        <translation>以 q8_0 存储上下文缓存，并开启其所需的 flash attention。</translation>
    </message>
    <message>
        <source>The cache takes 53 % of the memory of f16: 34 bytes instead of 64 for every 32 values.</source>
        <translation>缓存占用 f16 内存的 53 %：每 32 个值占 34 字节而不是 64 字节。</translation>
    </message>
    <message>
        <source>Little: 98.6 % of the tokens stayed the same in one measurement, and answers came 7 % slower in another.</source>
        <translation>很小：一次测量中 98.6 % 的词元保持不变，另一次测量中回答慢了 7 %。</translation>
    </message>
    <message>
        <source>Context cache in 4 bits</source>
        <translation>4 位上下文缓存</translation>
    </message>
    <message>
        <source>Stores the context cache as q4_0, and switches on flash attention, which that needs.</source>
        <translation>以 q4_0 存储上下文缓存，并开启其所需的 flash attention。</translation>
    </message>
    <message>
        <source>The cache takes 28 % of the memory of f16: 18 bytes instead of 64 for every 32 values.</source>
        <translation>缓存占用 f16 内存的 28 %：每 32 个值占 18 字节而不是 64 字节。</translation>
    </message>
    <message>
        <source>Other answers: 8 % of the text was that of f16 in one measurement, and 82 % with q8_0.</source>
        <translation>回答会不同：一次测量中 8 % 的文本与 f16 相同，q8_0 则为 82 %。</translation>
    </message>
    <message>
        <source>Flash attention</source>
        <translation>Flash attention</translation>
    </message>
    <message>
        <source>Switches flash attention on for every model, also where Ollama would decide against it.</source>
        <translation>为每个模型开启 flash attention，包括 Ollama 自己不会启用的情况。</translation>
    </message>
    <message>
        <source>Scores are not stored: for 32,768 tokens, 32 heads and a batch of 512 they take 2 GiB, 4 bytes each.</source>
        <translation>不存储注意力分数：32,768 个词元、32 个头、批大小 512 时它们占 2 GiB，每个 4 字节。</translation>
    </message>
    <message>
        <source>On a card that lacks it, the processor computes that part, which is slow.</source>
        <translation>在不支持它的显卡上，这部分由处理器计算，速度较慢。</translation>
    </message>
    <message>
        <source>Models stay loaded</source>
        <translation>模型保持加载</translation>
    </message>
    <message>
        <source>Keeps models in memory until another one needs the room, not only for 5 minutes.</source>
        <translation>模型一直保留在内存中，直到另一个模型需要空间，而不只是 5 分钟。</translation>
    </message>
    <message>
        <source>No request waits for a load: 5 GB from a disk with 500 MB/s take 10 s.</source>
        <translation>请求无需等待加载：从 500 MB/s 的磁盘读取 5 GB 需要 10 秒。</translation>
    </message>
    <message>
        <source>The memory is not given back while the server runs.</source>
        <translation>服务器运行期间不归还内存。</translation>
    </message>
    <message>
        <source>Memory is free soon</source>
        <translation>尽快释放内存</translation>
    </message>
    <message>
        <source>Unloads a model 1 minute after its last request, instead of 5.</source>
        <translation>在最后一个请求后 1 分钟卸载模型，而不是 5 分钟。</translation>
    </message>
    <message>
        <source>Other programs, or other models, get the memory 4 minutes earlier.</source>
        <translation>其他程序或其他模型提前 4 分钟得到内存。</translation>
    </message>
    <message>
        <source>The next request loads the model again: 5 GB from a disk with 500 MB/s take 10 s.</source>
        <translation>下一个请求会重新加载模型：从 500 MB/s 的磁盘读取 5 GB 需要 10 秒。</translation>
    </message>
    <message>
        <source>Only some NVIDIA cards</source>
        <translation>仅用部分 NVIDIA 显卡</translation>
    </message>
    <message>
        <source>Lets the pool use the cards that you name, by the numbers that nvidia-smi shows, such as 0 or 0,1.</source>
        <translation>让该池只用您指定的显卡，按 nvidia-smi 显示的编号，例如 0 或 0,1。</translation>
    </message>
    <message>
        <source>Pools on cards of their own do not take memory from each other.</source>
        <translation>各用各的显卡的池不会互相占用显存。</translation>
    </message>
    <message>
        <source>The memory of the other cards is not used by the pool.</source>
        <translation>该池不使用其他显卡的显存。</translation>
    </message>
    <message>
        <source>Only some AMD cards</source>
        <translation>仅用部分 AMD 显卡</translation>
    </message>
    <message>
        <source>Lets the pool use the cards that you name, by the numbers of rocminfo, such as 0 or 0,1; on Linux.</source>
        <translation>让该池只用您指定的显卡，按 rocminfo 的编号，例如 0 或 0,1；仅限 Linux。</translation>
    </message>
    <message>
        <source>No graphics card</source>
        <translation>不用显卡</translation>
    </message>
    <message>
        <source>Computes on the processor alone; Apple&apos;s graphics are used all the same.</source>
        <translation>仅用处理器计算；Apple 的图形处理器仍会使用。</translation>
    </message>
    <message>
        <source>All memory of the cards is left to other pools and programs.</source>
        <translation>显卡的全部显存留给其他池和程序。</translation>
    </message>
    <message>
        <source>Slower as the memory is: 90 GB/s with two channels of DDR5-5600, 1008 GB/s on an RTX 4090, say.</source>
        <translation>慢的程度取决于内存：例如双通道 DDR5-5600 为 90 GB/s，RTX 4090 为 1008 GB/s。</translation>
    </message>
    <message>
        <source>Every model on all cards</source>
        <translation>每个模型用所有显卡</translation>
    </message>
    <message>
        <source>Spreads each model over all cards, even if one has room for it.</source>
        <translation>把每个模型分布到所有显卡，即使一块显卡就放得下。</translation>
    </message>
    <message>
        <source>Each of two cards holds about half of a model, so that larger contexts fit.</source>
        <translation>两块显卡各放约一半模型，可容纳更大的上下文。</translation>
    </message>
    <message>
        <source>The cards compute one after the other: slower than one card that holds it all.</source>
        <translation>显卡依次计算：比一块放得下全部的显卡慢。</translation>
    </message>
    <message>
        <source>Less memory for earlier prompts</source>
        <translation>减少先前提示词占用的内存</translation>
    </message>
    <message>
        <source>Lets each loaded model keep 2048 MiB of earlier prompts in main memory, instead of 8192.</source>
        <translation>让每个已加载的模型在主内存中保留 2048 MiB 的先前提示词，而不是 8192。</translation>
    </message>
    <message>
        <source>Up to 6 GiB less of main memory for each loaded model of each worker.</source>
        <translation>每个工作进程的每个已加载模型最多少占 6 GiB 主内存。</translation>
    </message>
    <message>
        <source>Conversations that come back are more often read anew.</source>
        <translation>回来的对话更常需要重新读取。</translation>
    </message>
    <message>
        <source>Room on the card for other programs</source>
        <translation>在显卡上为其他程序留出空间</translation>
    </message>
    <message>
        <source>Leaves 2048 MiB of each card free when layers are placed there, instead of 1024.</source>
        <translation>放置层时每块显卡留空 2048 MiB，而不是 1024。</translation>
    </message>
    <message>
        <source>Other programs get 1 GiB more of each card.</source>
        <translation>其他程序在每块显卡上多得 1 GiB。</translation>
    </message>
    <message>
        <source>Models get 1 GiB less: perhaps fewer layers on the card.</source>
        <translation>模型少得 1 GiB：显卡上的层可能更少。</translation>
    </message>
</context>
<context>
    <name>requests</name>
    <message>
        <source>interactive</source>
        <translation>交互</translation>
    </message>
    <message>
        <source>batch</source>
        <translation>批处理</translation>
    </message>
    <message>
        <source>embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>waited</source>
        <translation>已等待</translation>
    </message>
    <message>
        <source>in Ollama&apos;s queue</source>
        <translation>在 Ollama 队列中</translation>
    </message>
    <message>
        <source>load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>at the instance</source>
        <translation>在实例中</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>panel</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>{time} to the first token</source>
        <translation>首词元 {time}</translation>
    </message>
    <message>
        <source>Nothing: {time} to the first token</source>
        <translation>无：首词元 {time}</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>正在加载模型</translation>
    </message>
    <message>
        <source>Writing the answer</source>
        <translation>正在生成回答</translation>
    </message>
    <message>
        <source>Reading the prompt</source>
        <translation>正在读取提示词</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>正在处理</translation>
    </message>
    <message>
        <source>earlier messages probably left out</source>
        <translation>较早的消息可能已被省略</translation>
    </message>
    <message>
        <source>prompt cut</source>
        <translation>提示词被截断</translation>
    </message>
    <message>
        <source>prompt cut to {kept} tokens</source>
        <translation>提示词被截断为 {kept} 个词元</translation>
    </message>
    <message>
        <source>prompt of {tokens} tokens cut to {kept}</source>
        <translation>{tokens} 个词元的提示词被截断为 {kept}</translation>
    </message>
    <message>
        <source>At work</source>
        <translation>处理中</translation>
    </message>
    <message>
        <source>What happens</source>
        <translation>正在做什么</translation>
    </message>
    <message>
        <source>Model and place</source>
        <translation>模型与实例</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位次</translation>
    </message>
    <message>
        <source>Model and class</source>
        <translation>模型与类别</translation>
    </message>
    <message>
        <source>What took long</source>
        <translation>耗时最长</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>Waited</source>
        <translation>已排队</translation>
    </message>
    <message>
        <source>Starts in</source>
        <translation>预计开始</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Why it waits</source>
        <translation>等待原因</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>First token</source>
        <translation>首词元</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
</context>
<context>
    <name>setting_texts</name>
    <message>
        <source>{title}, {unit}</source>
        <translation>{title}（{unit}）</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>The version of the file&apos;s layout; the panel sets it.</source>
        <translation>设置文件格式的版本，由面板写入。</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>The address for clients, and what is accepted there.</source>
        <translation>客户端使用的地址，以及在该地址接受哪些请求。</translation>
    </message>
    <message>
        <source>Start with the panel</source>
        <translation>随面板启动</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>127.0.0.1 is this machine only; 0.0.0.0 lets the network in. A change moves the proxy.</source>
        <translation>127.0.0.1 仅限本机；0.0.0.0 允许网络访问。更改后代理会换到新地址。</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Ollama&apos;s own is 11434. A change moves the proxy.</source>
        <translation>Ollama 自己的端口是 11434。更改后代理会换到新端口。</translation>
    </message>
    <message>
        <source>Second address</source>
        <translation>第二地址</translation>
    </message>
    <message>
        <source>The address of the second port; :: lets the network in.</source>
        <translation>第二端口的地址；:: 表示允许来自网络的访问。</translation>
    </message>
    <message>
        <source>Second port</source>
        <translation>第二端口</translation>
    </message>
    <message>
        <source>The proxy listens there, too: at Ollama&apos;s own port 11434, once ollama-panel take-over has moved Ollama, so that its clients need no change. 0 = nowhere else.</source>
        <translation>代理也在此端口监听：ollama-panel take-over 移走 Ollama 之后，这里就是 Ollama 自己的端口 11434，客户端无需改动。0 = 不在别处监听。</translation>
    </message>
    <message>
        <source>Queue limit</source>
        <translation>队列上限</translation>
    </message>
    <message>
        <source>Longest wait</source>
        <translation>最长等待时间</translation>
    </message>
    <message>
        <source>A request that waits longer is refused. 0 = no limit.</source>
        <translation>等待超过此时间的请求会被拒绝。0 = 不限制。</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>最长响应时间</translation>
    </message>
    <message>
        <source>A request is ended when an instance has worked on it for longer. 0 = no limit.</source>
        <translation>实例处理时间超过此值的请求会被终止。0 = 不限制。</translation>
    </message>
    <message>
        <source>Heartbeats</source>
        <translation>心跳信号</translation>
    </message>
    <message>
        <source>Waiting streams get a heartbeat from time to time, so that clients do not give up.</source>
        <translation>等待中的流会不时收到心跳信号，以免客户端放弃。</translation>
    </message>
    <message>
        <source>Heartbeats in whole answers</source>
        <translation>完整应答中的心跳信号</translation>
    </message>
    <message>
        <source>Answers that are not streamed get them, too; an error after the first has the status 200. No effect without heartbeats.</source>
        <translation>非流式应答也会收到心跳信号；首个心跳信号之后的错误状态码为 200。心跳信号关闭时不起作用。</translation>
    </message>
    <message>
        <source>Time for headers</source>
        <translation>请求头时限</translation>
    </message>
    <message>
        <source>A request is refused if its headers have not come within this time. 0 = no limit.</source>
        <translation>请求头未在此时间内到齐的请求会被拒绝。0 = 不限制。</translation>
    </message>
    <message>
        <source>Time for bodies</source>
        <translation>请求体时限</translation>
    </message>
    <message>
        <source>A request is refused if its body does not begin within this time, or if 64 KiB of it take longer. 0 = no limit.</source>
        <translation>请求体未在此时间内开始到达，或每 64 KiB 耗时更长，请求会被拒绝。0 = 不限制。</translation>
    </message>
    <message>
        <source>Time for reading answers</source>
        <translation>读取回答的时限</translation>
    </message>
    <message>
        <source>A client that takes nothing of its answer for this time is cut off, and its slot is free. 0 = no limit.</source>
        <translation>客户端在此时间内没有读取回答的任何内容时会被断开，其槽位随之空出。0 表示不限。</translation>
    </message>
    <message>
        <source>Largest body</source>
        <translation>请求体大小上限</translation>
    </message>
    <message>
        <source>A request with a longer body is refused; files of models that are uploaded may be longer.</source>
        <translation>请求体更大的请求会被拒绝；上传的模型文件不受此限。</translation>
    </message>
    <message>
        <source>MiB</source>
        <translation>MiB</translation>
    </message>
    <message>
        <source>Connections of one client</source>
        <translation>单个客户端的连接数</translation>
    </message>
    <message>
        <source>Connections beyond this number from one address are refused. 0 = no limit.</source>
        <translation>来自同一地址、超出此数量的连接会被拒绝。0 = 不限制。</translation>
    </message>
    <message>
        <source>Changes to the model store</source>
        <translation>更改模型库</translation>
    </message>
    <message>
        <source>Clients may pull, push, create, copy and delete models. Off: such requests are refused.</source>
        <translation>客户端可以拉取、推送、创建、复制和删除模型。关闭：拒绝此类请求。</translation>
    </message>
    <message>
        <source>API key needed</source>
        <translation>需要 API 密钥</translation>
    </message>
    <message>
        <source>Whether clients must send an API key; auto: if the proxy listens beyond this machine.</source>
        <translation>客户端是否必须发送 API 密钥；auto：代理不只在本机监听时需要。</translation>
    </message>
    <message>
        <source>API keys</source>
        <translation>API 密钥</translation>
    </message>
    <message>
        <source>The keys of clients, as digests; the command ollama-panel keys adds and removes them.</source>
        <translation>客户端的密钥，以摘要保存；用命令 ollama-panel keys 添加和删除。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>For whom or what the key is.</source>
        <translation>密钥给谁用或作何用途。</translation>
    </message>
    <message>
        <source>Digest</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>The SHA-256 of the key, as hexadecimal digits.</source>
        <translation>密钥的 SHA-256，以十六进制表示。</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>The class of requests with this key: batch for all of them, another one unless a request asks for its own. null: each request is judged by itself.</source>
        <translation>使用此密钥的请求的类别：batch 用于全部请求，其他类别用于未自行指定类别的请求。null：逐个请求判断。</translation>
    </message>
    <message>
        <source>Scopes</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>What the key opens: use the models, see the state of the panel, control the panel (which includes seeing it, and is as much as its owner may do: its settings name programs that it starts).</source>
        <translation>此密钥的权限：use 使用模型，see 查看面板状态，control 控制面板（包含查看，且等同于面板所有者的权限：设置中可指定由面板启动的程序）。</translation>
    </message>
    <message>
        <source>Allowed hosts</source>
        <translation>允许的主机</translation>
    </message>
    <message>
        <source>Names, separated by commas, by which clients may call this machine besides its own name and its addresses.</source>
        <translation>除本机名称和地址外，客户端还可用来访问本机的名称，以逗号分隔。</translation>
    </message>
    <message>
        <source>Allowed origins</source>
        <translation>允许的来源</translation>
    </message>
    <message>
        <source>Web pages and browser extensions that may call the proxy besides those of this machine, separated by commas: https://chat.example.org, chrome-extension://*; * alone is all.</source>
        <translation>除本机网页外，还可调用代理的网页和浏览器扩展的来源，以逗号分隔：https://chat.example.org、chrome-extension://*；单独的 * 表示全部。</translation>
    </message>
    <message>
        <source>Split embeddings</source>
        <translation>拆分嵌入请求</translation>
    </message>
    <message>
        <source>A request for many embeddings is sent in parts to all workers that are free, and the answers are put together in order. Off: it goes to one worker as it is.</source>
        <translation>含有大量输入的嵌入请求会拆成若干部分，发送到所有空闲的工作进程，答案再按顺序合并。关闭：请求原样发送到一个工作进程。</translation>
    </message>
    <message>
        <source>Spare the machine</source>
        <translation>减轻机器负担</translation>
    </message>
    <message>
        <source>Fewer requests run at once while the machine runs on its battery, saves power, or is slowed down by heat; only one of a model in critical heat. What runs already goes on.</source>
        <translation>机器使用电池、处于节能模式或因过热而降速时，同时运行的请求会减少；严重过热时每个模型只运行一个。已在运行的请求会继续。</translation>
    </message>
    <message>
        <source>At most so many requests of a model run at once while the machine is spared. 0 = half of its slots, at least one.</source>
        <translation>减轻机器负担时，一个模型最多同时运行这么多请求。0 = 槽位的一半，至少一个。</translation>
    </message>
    <message>
        <source>How long a model stays in memory after its last request, whatever clients ask for: 30m, 0 = not at all, -1 = for ever. Empty: as clients ask, else Ollama&apos;s 5 minutes.</source>
        <translation>最后一个请求之后模型在内存中保留多久，不论客户端如何要求：30m；0 = 不保留；-1 = 永远。留空：按客户端要求，否则为 Ollama 的 5 分钟。</translation>
    </message>
    <message>
        <source>Scheduling</source>
        <translation>调度</translation>
    </message>
    <message>
        <source>Which request runs where, and when.</source>
        <translation>哪个请求在何时、何处运行。</translation>
    </message>
    <message>
        <source>Slots kept for chats</source>
        <translation>为聊天保留的槽位</translation>
    </message>
    <message>
        <source>Batch work leaves this many slots free while somebody chats.</source>
        <translation>有人聊天时，批处理空出这么多槽位。</translation>
    </message>
    <message>
        <source>Share of batch work</source>
        <translation>批处理的份额</translation>
    </message>
    <message>
        <source>The part of the time that batch work gets although chats come first; 0.1 is a tenth, 0 none.</source>
        <translation>虽然聊天优先，批处理仍能得到的时间比例；0.1 为十分之一，0 为没有。</translation>
    </message>
    <message>
        <source>Preemptions of batch work</source>
        <translation>批处理的让位次数</translation>
    </message>
    <message>
        <source>How often one batch request may be sent back to the queue for a chat, before its answer has begun. 0 = never.</source>
        <translation>一个批处理请求在开始响应之前，最多可为聊天退回队列几次。0 = 从不退回。</translation>
    </message>
    <message>
        <source>Weights of clients</source>
        <translation>客户端权重</translation>
    </message>
    <message>
        <source>The share of the time that a client gets, by its name, relative to 1 for any other: 2 is twice as much.</source>
        <translation>按名称指定客户端得到的时间份额，其他客户端为 1：2 即两倍。</translation>
    </message>
    <message>
        <source>Classes of clients</source>
        <translation>客户端的类别</translation>
    </message>
    <message>
        <source>The class of all requests of a client, by its name, whatever they ask for. Batch work waits for others. A client without one is judged by each request.</source>
        <translation>按名称设置客户端全部请求的类别，不论请求自身要求什么。批处理会让其他请求先行。未设置的客户端按每个请求判断。</translation>
    </message>
    <message>
        <source>Limits of clients</source>
        <translation>客户端的上限</translation>
    </message>
    <message>
        <source>How many requests of a client run at once at most, by its name; the others wait. All processes of one name count together.</source>
        <translation>按名称设置客户端最多同时运行多少个请求，其余的等待。同名的所有进程合并计算。</translation>
    </message>
    <message>
        <source>Headers that name the client</source>
        <translation>指明客户端的请求头</translation>
    </message>
    <message>
        <source>Headers, separated by commas, in which a program in front names its users: each is then a client. They count if it runs on this machine or sends an API key.</source>
        <translation>前端程序用来指明其用户的请求头，以逗号分隔：每个用户各算一个客户端。仅当该程序在本机运行或发送 API 密钥时有效。</translation>
    </message>
    <message>
        <source>Conversation affinity</source>
        <translation>会话亲和</translation>
    </message>
    <message>
        <source>A conversation returns to the instance that has its beginning in its cache.</source>
        <translation>会话会回到缓存中保有其开头的实例。</translation>
    </message>
    <message>
        <source>One set of options</source>
        <translation>统一加载选项</translation>
    </message>
    <message>
        <source>All requests for a model get the same load options, so that it is not reloaded again and again. Off: options are sent as they come.</source>
        <translation>同一模型的所有请求使用相同的加载选项，以免反复重新加载。关闭：选项按原样发送。</translation>
    </message>
    <message>
        <source>Fit the context</source>
        <translation>适配上下文</translation>
    </message>
    <message>
        <source>A long prompt gets a longer context, which reloads its model, instead of being cut.</source>
        <translation>较长的提示词会获得更长的上下文（需重新加载模型），而不会被截断。</translation>
    </message>
    <message>
        <source>Raise the context</source>
        <translation>增大上下文</translation>
    </message>
    <message>
        <source>If clients with different contexts reload a model again and again, its pool gets the longest.</source>
        <translation>若客户端因上下文不同而反复重新加载模型，其池将采用最长的上下文。</translation>
    </message>
    <message>
        <source>Chats on embedding workers</source>
        <translation>嵌入工作进程也处理聊天</translation>
    </message>
    <message>
        <source>Chats and completions may use the workers of embedding pools when no other worker is left. Off: they wait, or are refused, and say why.</source>
        <translation>没有其他工作进程时，聊天和补全请求可以使用嵌入池的工作进程。关闭时：它们会等待或被拒绝，并说明原因。</translation>
    </message>
    <message>
        <source>Adjust by measuring</source>
        <translation>按测量结果调整</translation>
    </message>
    <message>
        <source>slots: only as many requests run at once as make a model faster; settings: more or fewer slots and workers are proposed, too, one step at a time.</source>
        <translation>slots：同时运行的请求数以能使模型更快为限；settings：还会逐步建议增减槽位和工作进程。</translation>
    </message>
    <message>
        <source>Adjust when idle</source>
        <translation>空闲时调整</translation>
    </message>
    <message>
        <source>What is proposed is done when the pool has had no request for a while; Undo takes it back. No effect unless settings are adjusted.</source>
        <translation>池有一段时间没有请求时，执行所建议的更改；可用“撤销”恢复。仅在调整设置时有效。</translation>
    </message>
    <message>
        <source>Slots on battery or in heat</source>
        <translation>电池供电或过热时的槽位</translation>
    </message>
    <message>
        <source>Swap models</source>
        <translation>换入换出模型</translation>
    </message>
    <message>
        <source>A model is unloaded for one that requests wait for.</source>
        <translation>为有请求等待的模型卸载其他模型。</translation>
    </message>
    <message>
        <source>Shortest stay</source>
        <translation>最短驻留时间</translation>
    </message>
    <message>
        <source>A model that has work stays in memory at least this long before another takes its place.</source>
        <translation>有请求的模型至少在内存中驻留这么久，才会被其他模型取代。</translation>
    </message>
    <message>
        <source>Record the run</source>
        <translation>记录运行过程</translation>
    </message>
    <message>
        <source>The folder recordings of the state folder gets names (of clients, too), lengths and times of what happens, no content, for ollama-panel bench replay.</source>
        <translation>状态文件夹中的 recordings 文件夹会记录所发生事情的名称（包括客户端的名称）、长度和时间，不含内容，供 ollama-panel bench replay 使用。</translation>
    </message>
    <message>
        <source>Ollama</source>
        <translation>Ollama</translation>
    </message>
    <message>
        <source>The program, its files, and the ports of its instances.</source>
        <translation>程序、其文件，以及实例的端口。</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>The ollama program. Empty: searched where installers put it. Another program restarts all instances.</source>
        <translation>ollama 程序。留空：在常见安装位置查找。更换程序会重启所有实例。</translation>
    </message>
    <message>
        <source>Models folder</source>
        <translation>模型文件夹</translation>
    </message>
    <message>
        <source>First port of instances</source>
        <translation>实例起始端口</translation>
    </message>
    <message>
        <source>Instances listen on this machine from this port up. A change restarts those that must move, one after the other.</source>
        <translation>实例从此端口起在本机监听。更改会逐个重启须换端口的实例。</translation>
    </message>
    <message>
        <source>Use a running Ollama</source>
        <translation>使用已运行的 Ollama</translation>
    </message>
    <message>
        <source>A server that runs already takes part; the panel never stops it.</source>
        <translation>已在运行的服务器也会参与工作；面板绝不会停止它。</translation>
    </message>
    <message>
        <source>Follow updates</source>
        <translation>跟随更新</translation>
    </message>
    <message>
        <source>When Ollama has been updated, the workers are restarted with it one after the other as soon as they are idle. Off: the panel only says so.</source>
        <translation>Ollama 更新后，工作进程一空闲就逐个用新版本重启。关闭：面板只作提示。</translation>
    </message>
    <message>
        <source>Start the successor first</source>
        <translation>先启动后继进程</translation>
    </message>
    <message>
        <source>A worker whose settings change runs on until its successor has loaded the same models, if the memory holds both. Off, or without the memory: requests wait meanwhile.</source>
        <translation>设置改变的工作进程继续运行，直到其后继进程加载好同样的模型（若内存容得下两者）。关闭或内存不足：期间请求等待。</translation>
    </message>
    <message>
        <source>Restart what hangs</source>
        <translation>重启卡死的进程</translation>
    </message>
    <message>
        <source>A busy worker without a sign of life is asked for a tiny answer, and restarted if that fails repeatedly. Off: the panel only says so, but still restarts a server that answers nothing at all.</source>
        <translation>忙碌却毫无动静的工作进程会被要求给出一个极短的回答，多次失败后会被重启。关闭：面板只作提示，但完全不应答的服务器仍会被重启。</translation>
    </message>
    <message>
        <source>Silence of a worker</source>
        <translation>工作进程的静默时间</translation>
    </message>
    <message>
        <source>So long no answer of a busy worker may get a byte before it is asked for a tiny one.</source>
        <translation>繁忙的工作进程在这段时间内没有任何回答收到字节，就会被要求给出一个极短的回答。</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Sleep, and giving the GPU to other programs.</source>
        <translation>睡眠，以及把 GPU 让给其他程序。</translation>
    </message>
    <message>
        <source>The machine does not go to sleep by itself while a request waits or runs; the screen may.</source>
        <translation>有请求等待或运行时，机器不会自行进入睡眠；屏幕可以关闭。</translation>
    </message>
    <message>
        <source>Programs that get the GPU</source>
        <translation>优先使用 GPU 的程序</translation>
    </message>
    <message>
        <source>While one of these programs runs, the models are unloaded and requests wait; names of programs, separated by commas, as the system lists them: blender, game.exe.</source>
        <translation>这些程序之一运行时，模型被卸载，请求等待；程序名用逗号分隔，写法与系统所列一致：blender, game.exe。</translation>
    </message>
    <message>
        <source>GPU use of others</source>
        <translation>其他程序的 GPU 占用</translation>
    </message>
    <message>
        <source>When other programs use more of the GPU than this for ten seconds, they get it. 0 = never. Where the driver does not tell who uses it, it counts only while no request runs.</source>
        <translation>其他程序的 GPU 占用超过此值达十秒时，GPU 让给它们。0 = 从不。若驱动程序不说明谁在使用，则只在没有请求运行时计算。</translation>
    </message>
    <message>
        <source>percent</source>
        <translation>%</translation>
    </message>
    <message>
        <source>Cut answers for it</source>
        <translation>为此中断回答</translation>
    </message>
    <message>
        <source>Answers that run are ended when the GPU is given away by itself. Off: they end first.</source>
        <translation>GPU 自动让出时，正在运行的回答被中断。关闭：先让它们结束。</translation>
    </message>
    <message>
        <source>Back after</source>
        <translation>收回前的等待</translation>
    </message>
    <message>
        <source>So long nobody else may use the GPU before the panel takes it back by itself.</source>
        <translation>其他程序停止使用 GPU 达到这段时间后，面板自动收回。</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史记录</translation>
    </message>
    <message>
        <source>What is kept of measurements, events and requests.</source>
        <translation>保留哪些测量值、事件和请求。</translation>
    </message>
    <message>
        <source>How long measurements and events are kept on the disk, for the charts and ollama-panel history: two days in steps of 10 s, older ones of 5 minutes. 0 = none; what there is, is deleted.</source>
        <translation>测量值和事件在磁盘上保留多久，用于图表和 ollama-panel history：两天内每 10 秒一个值，更早的每 5 分钟一个值。0 = 不保留，已有的会被删除。</translation>
    </message>
    <message>
        <source>days</source>
        <translation>天</translation>
    </message>
    <message>
        <source>How long names, lengths and times of finished requests are kept on the disk, but never their content; at most as long as the history. 0 = none; what there is, is deleted.</source>
        <translation>已结束请求的名称、长度和时间在磁盘上保留多久，内容从不保留；最多与历史记录一样久。0 = 不保留，已有的会被删除。</translation>
    </message>
    <message>
        <source>If the file gets larger, the oldest requests are deleted, then the oldest of the rest. 0 = no limit.</source>
        <translation>如果文件变得更大，先删除最旧的请求，再删除其余最旧的内容。0 = 不限制。</translation>
    </message>
    <message>
        <source>Finished requests are kept with the name or the address of their client. Off: without it, from now on.</source>
        <translation>已结束的请求连同其客户端的名称或地址一起保留。关闭：从现在起不保留。</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>How the window looks.</source>
        <translation>窗口的外观。</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>The language of the window: en or zh_CN; empty follows the desktop.</source>
        <translation>窗口的语言：en 或 zh_CN；留空则跟随桌面。</translation>
    </message>
    <message>
        <source>Pinned models</source>
        <translation>固定的模型</translation>
    </message>
    <message>
        <source>These models are loaded when a worker of the pool starts, one after the other, and stay in memory whoever else needs it; separated by commas.</source>
        <translation>池的工作进程启动时逐个加载这些模型，并一直留在内存中，不论谁还需要内存；用逗号分隔。</translation>
    </message>
    <message>
        <source>Keep models for</source>
        <translation>模型保留时间</translation>
    </message>
    <message>
        <source>num_batch: how many tokens of a prompt are read at once; a change reloads models, without a restart. 0 = Ollama decides, also for models that clients use by other dialects than Ollama&apos;s.</source>
        <translation>num_batch：一次读取提示词的多少个词元；更改会重新加载模型，无需重启。0 = 由 Ollama 决定；客户端通过 Ollama 以外的接口使用的模型也是如此。</translation>
    </message>
    <message>
        <source>SLO: first token</source>
        <translation>SLO：首个词元</translation>
    </message>
    <message>
        <source>95 % of the requests that somebody waits for get their first token within this time; batch work waits for it. 0 = no promise.</source>
        <translation>有人等待的请求中，95% 在此时间内得到首个词元；批处理任务为此让路。0 = 不作承诺。</translation>
    </message>
    <message>
        <source>SLO: speed of answers</source>
        <translation>SLO：回答速度</translation>
    </message>
    <message>
        <source>95 % of the answers come at least this fast; fewer requests run at once where more would make them slower. 0 = no promise.</source>
        <translation>95% 的回答至少达到此速度；若同时运行更多请求会更慢，就少运行一些。0 = 不作承诺。</translation>
    </message>
    <message>
        <source>tokens per second</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Clients are answered as soon as the panel runs. Off: only after the proxy is switched on in the menu; ollama-panel serve answers them in any case.</source>
        <translation>面板一运行就响应客户端。关闭：只有在菜单中打开代理后才响应；ollama-panel serve 始终响应。</translation>
    </message>
    <message>
        <source>So many requests may wait; of more, the newest of the client with the most is refused and told when to retry.</source>
        <translation>可等待的请求数；超出时，等待请求最多的客户端的最新请求会被拒绝，并告知何时重试。</translation>
    </message>
    <message>
        <source>Size of a recording</source>
        <translation>录制文件的大小</translation>
    </message>
    <message>
        <source>A recording ends when it has this size.</source>
        <translation>录制达到此大小时结束。</translation>
    </message>
    <message>
        <source>OLLAMA_MODELS, a whole path or one that begins with ~ or $HOME. Empty: Ollama&apos;s own default. Another folder restarts all instances.</source>
        <translation>OLLAMA_MODELS，完整的路径，或以 ~ 或 $HOME 开头的路径。留空：Ollama 自己的默认值。更换文件夹会重启所有实例。</translation>
    </message>
    <message>
        <source>Stay awake for requests</source>
        <translation>有请求时保持唤醒</translation>
    </message>
    <message>
        <source>Keep measurements</source>
        <translation>保留测量值</translation>
    </message>
    <message>
        <source>Keep requests</source>
        <translation>保留请求</translation>
    </message>
    <message>
        <source>Largest file</source>
        <translation>文件上限</translation>
    </message>
    <message>
        <source>Keep names of clients</source>
        <translation>保留客户端名称</translation>
    </message>
    <message>
        <source>The colours of the window: those of the desktop, light or dark.</source>
        <translation>窗口的配色：跟随桌面、浅色或深色。</translation>
    </message>
    <message>
        <source>Pools</source>
        <translation>池</translation>
    </message>
    <message>
        <source>Groups of instances, each with a role and a configuration of its own.</source>
        <translation>实例的分组，各有自己的角色和配置。</translation>
    </message>
    <message>
        <source>The name of the pool and of its instances: lower-case letters, digits, - and _. A pool with another name is another pool, with instances of its own.</source>
        <translation>池及其实例的名称：小写字母、数字、- 和 _。名称不同即为另一个池，有自己的实例。</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Which requests go to this pool.</source>
        <translation>哪些请求分到此池。</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>工作进程</translation>
    </message>
    <message>
        <source>How many Ollama servers this pool runs; each loads its own copy of a model. A change starts or stops only the difference.</source>
        <translation>此池运行多少个 Ollama 服务器；每个都会加载自己的一份模型。更改只会启动或停止差额部分。</translation>
    </message>
    <message>
        <source>Parallel</source>
        <translation>并行</translation>
    </message>
    <message>
        <source>OLLAMA_NUM_PARALLEL: how many requests each worker runs at once per model; more need more memory. A change restarts the pool&apos;s workers one after the other.</source>
        <translation>OLLAMA_NUM_PARALLEL：每个工作进程对每个模型同时处理的请求数；越多越占内存。更改会逐个重启此池的工作进程。</translation>
    </message>
    <message>
        <source>Context length</source>
        <translation>上下文长度</translation>
    </message>
    <message>
        <source>OLLAMA_CONTEXT_LENGTH: how many tokens each slot holds; the memory grows with context times parallel. A change restarts the pool&apos;s workers one after the other.</source>
        <translation>OLLAMA_CONTEXT_LENGTH：每个槽位可容纳的词元数；内存随“上下文 × 并行”增长。更改会逐个重启此池的工作进程。</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>The models meant for this pool, separated by commas: requests for them go here first, and the memory forecast counts them. Empty: any model.</source>
        <translation>供此池使用的模型，以逗号分隔：对这些模型的请求优先分到此池，内存预测也会计入它们。留空：任意模型。</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境变量</translation>
    </message>
    <message>
        <source>Environment variables of the pool&apos;s workers, in addition to those that the panel sets. A change restarts the workers one after the other.</source>
        <translation>此池工作进程的环境变量，补充面板所设的变量。更改会逐个重启工作进程。</translation>
    </message>
</context>
<context>
    <name>trials</name>
    <message>
        <source>Trial</source>
        <translation>试验</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>per token</source>
        <translation>每个词元</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Doubtful</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>Wave {number}</source>
        <translation>第 {number} 波</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Waits</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>加载中</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>Planned</source>
        <translation>计划中</translation>
    </message>
    <message>
        <source> /s</source>
        <translation>/秒</translation>
    </message>
</context>
<context>
    <name>tuning</name>
    <message>
        <source>most tokens</source>
        <translation>最多词元</translation>
    </message>
    <message>
        <source>balanced</source>
        <translation>均衡</translation>
    </message>
    <message>
        <source>within bounds</source>
        <translation>限定时延</translation>
    </message>
    <message>
        <source>embeddings</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>Most tokens per second</source>
        <translation>每秒词元最多</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>均衡</translation>
    </message>
    <message>
        <source>Within bounds</source>
        <translation>限定时延</translation>
    </message>
    <message>
        <source>Most embeddings per second</source>
        <translation>每秒嵌入最多</translation>
    </message>
    <message>
        <source>For batch work: all answers together as fast as possible.</source>
        <translation>适合批处理：全部回答合计最快。</translation>
    </message>
    <message>
        <source>The fewest slots that give at least 97 % of the most; each answer is faster.</source>
        <translation>达到最大值 97 % 所需的最少槽位；每个回答更快。</translation>
    </message>
    <message>
        <source>The most tokens per second while every answer keeps the times below.</source>
        <translation>在每个回答都满足下列时限的前提下，每秒词元最多。</translation>
    </message>
    <message>
        <source>For models that make embeddings: how many workers pay.</source>
        <translation>适合嵌入模型：多少个工作进程最划算。</translation>
    </message>
    <message>
        <source>your own requests</source>
        <translation>您自己的请求</translation>
    </message>
    <message>
        <source>chat</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>RAG</source>
        <translation>RAG</translation>
    </message>
    <message>
        <source>coding agent</source>
        <translation>编程代理</translation>
    </message>
    <message>
        <source>summaries</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>As long as those that your programs have sent; their content is not used.</source>
        <translation>与您的程序发送过的请求一样长；不使用其内容。</translation>
    </message>
    <message>
        <source>Short questions, answers of a paragraph or two.</source>
        <translation>简短的问题，一两段的回答。</translation>
    </message>
    <message>
        <source>Long prompts with a common beginning, short answers.</source>
        <translation>开头相同的长提示，简短的回答。</translation>
    </message>
    <message>
        <source>Long prompts that grow, answers of some hundred tokens.</source>
        <translation>不断变长的长提示，几百个词元的回答。</translation>
    </message>
    <message>
        <source>Long texts, short answers.</source>
        <translation>长文本，简短的回答。</translation>
    </message>
    <message>
        <source>Pieces of documents, several in a request.</source>
        <translation>文档片段，每个请求含多段。</translation>
    </message>
    <message>
        <source>Ollama&apos;s batch size</source>
        <translation>Ollama 的批大小</translation>
    </message>
    <message>
        <source>batch size {number}</source>
        <translation>批大小 {number}</translation>
    </message>
    <message>
        <source>KV cache {type}</source>
        <translation>KV 缓存 {type}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>{settings} again</source>
        <translation>再测 {settings}</translation>
    </message>
    <message>
        <source>Loading {settings}</source>
        <translation>加载 {settings}</translation>
    </message>
    <message>
        <source>in turns with {other}</source>
        <translation>与 {other} 轮流测量</translation>
    </message>
    <message>
        <source>fresh load, longer</source>
        <translation>重新加载，时间更长</translation>
    </message>
    <message>
        <source>the first step again</source>
        <translation>重测第一步</translation>
    </message>
    <message>
        <source>beside the best</source>
        <translation>最佳值旁边</translation>
    </message>
    <message>
        <source>your setting now</source>
        <translation>您现在的设置</translation>
    </message>
    <message>
        <source>the most that fits</source>
        <translation>能容纳的上限</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>加载中</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>测量中</translation>
    </message>
    <message>
        <source>Waits for your traffic</source>
        <translation>等待您的请求</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Restoring your settings</source>
        <translation>正在恢复您的设置</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>{s} s</source>
        <translation>{s} 秒</translation>
    </message>
    <message>
        <source>{min} min {s} s</source>
        <translation>{min} 分 {s} 秒</translation>
    </message>
    <message>
        <source>The result of the tuning as text</source>
        <translation>调优结果（文本）</translation>
    </message>
    <message>
        <source>The trials of the tuning as CSV</source>
        <translation>调优的试验（CSV）</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>The curve of the tuning as a picture</source>
        <translation>调优曲线（图片）</translation>
    </message>
</context>
<context>
    <name>variable_table</name>
    <message>
        <source>Variable</source>
        <translation>变量</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>默认值</translation>
    </message>
    <message>
        <source>Ollama</source>
        <translation>Ollama</translation>
    </message>
    <message>
        <source>Restarts</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>含义</translation>
    </message>
    <message>
        <source>number</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>numbers</source>
        <translation>多个数字</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>字节数</translation>
    </message>
    <message>
        <source>1 or 0</source>
        <translation>1 或 0</translation>
    </message>
    <message>
        <source>1, 0 or unset</source>
        <translation>1、0 或不设</translation>
    </message>
    <message>
        <source>on or off</source>
        <translation>on 或 off</translation>
    </message>
    <message>
        <source>time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>choice</source>
        <translation>选项</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>origins</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>library</source>
        <translation>计算库</translation>
    </message>
    <message>
        <source>devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>GPU type</source>
        <translation>GPU 类型</translation>
    </message>
    <message>
        <source>{since} to {until}</source>
        <translation>{since} 至 {until}</translation>
    </message>
    <message>
        <source>{since} and later</source>
        <translation>{since} 及更高</translation>
    </message>
    <message>
        <source>no effect here</source>
        <translation>此处无效</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>workers; next load</source>
        <translation>工作进程；下次加载</translation>
    </message>
    <message>
        <source>workers</source>
        <translation>工作进程</translation>
    </message>
    <message>
        <source>Value: {values}. Default: {default}. Ollama: {versions}.</source>
        <translation>值：{values}。默认值：{default}。Ollama：{versions}。</translation>
    </message>
    <message>
        <source>The installed version does not know it: {why}.</source>
        <translation>已安装的版本不认识它：{why}。</translation>
    </message>
    <message>
        <source>Not for a pool: {why}</source>
        <translation>不适用于池：{why}</translation>
    </message>
</context>
<context>
    <name>variables</name>
    <message>
        <source>How many requests one loaded model works on at once; the memory for the context grows with it.</source>
        <translation>一个已加载的模型同时处理多少个请求；上下文所占内存随之增长。</translation>
    </message>
    <message>
        <source>How many tokens each slot holds unless the request or the Modelfile says; without it 4096, 32768 or 262144, by the memory of the GPU, and times the number of slots.</source>
        <translation>每个槽位容纳的词元数（除非请求或 Modelfile 另有指定）；不设则按显存大小为 4096、32768 或 262144，再乘以槽位数。</translation>
    </message>
    <message>
        <source>How many different models one instance keeps in memory; 0 is three for each GPU.</source>
        <translation>一个实例在内存中保留多少个不同的模型；0 表示每块 GPU 三个。</translation>
    </message>
    <message>
        <source>How many requests may wait for a model to be loaded before Ollama answers 503; it does not limit those that wait for a slot of a loaded model.</source>
        <translation>Ollama 回复 503 之前，最多有多少个请求可等待加载模型；不限制等待已加载模型槽位的请求。</translation>
    </message>
    <message>
        <source>How long a model stays in memory after its last request; below 0 for ever, 0 not at all.</source>
        <translation>最后一个请求之后模型在内存中保留多久；小于 0 为永久，0 为不保留。</translation>
    </message>
    <message>
        <source>How long the loading of a model may make no progress before it fails; 0 is no limit.</source>
        <translation>加载模型多久没有进展即视为失败；0 为不限制。</translation>
    </message>
    <message>
        <source>Use flash attention: less memory for long contexts, and needed for a quantised context cache.</source>
        <translation>使用 flash attention：长上下文占用内存更少，量化上下文缓存也需要它。</translation>
    </message>
    <message>
        <source>How the context cache is stored: q8_0 takes half the memory of f16, q4_0 a quarter, at some loss of quality; before 0.30 only f16, q8_0 and q4_0.</source>
        <translation>上下文缓存的存储方式：q8_0 占用 f16 一半的内存，q4_0 占四分之一，质量略有损失；0.30 之前仅有 f16、q8_0 和 q4_0。</translation>
    </message>
    <message>
        <source>Bytes of each GPU&apos;s memory to leave free; from 0.30 on it no longer limits what is placed there, LLAMA_ARG_FIT_TARGET does.</source>
        <translation>每块 GPU 应留空的显存字节数；自 0.30 起不再限制显存占用，改由 LLAMA_ARG_FIT_TARGET 限制。</translation>
    </message>
    <message>
        <source>Spread every model over all GPUs; no effect with one GPU.</source>
        <translation>把每个模型分布到所有 GPU 上；只有一块 GPU 时不起作用。</translation>
    </message>
    <message>
        <source>Use this compute library and look for no other.</source>
        <translation>使用此计算库，不查找其他库。</translation>
    </message>
    <message>
        <source>Whether integrated GPUs may be used.</source>
        <translation>是否可使用集成 GPU。</translation>
    </message>
    <message>
        <source>Whether Vulkan may be used.</source>
        <translation>是否可使用 Vulkan。</translation>
    </message>
    <message>
        <source>The address the server listens on; the panel gives each of its instances its own.</source>
        <translation>服务器监听的地址；面板为每个实例分配各自的地址。</translation>
    </message>
    <message>
        <source>Web pages that may call the server, separated by commas, besides those of this machine.</source>
        <translation>除本机网页外，还可调用服务器的网页，以逗号分隔。</translation>
    </message>
    <message>
        <source>The folder of the models; instances may share one.</source>
        <translation>模型文件夹；多个实例可共用一个。</translation>
    </message>
    <message>
        <source>Do not delete unused files of the models folder at the start; the panel sets it on all workers but the first.</source>
        <translation>启动时不删除模型文件夹中未使用的文件；除第一个外，面板为所有工作进程设置此项。</translation>
    </message>
    <message>
        <source>How much is logged: 1 details, 2 everything.</source>
        <translation>日志的详细程度：1 为详细，2 为全部。</translation>
    </message>
    <message>
        <source>Write the text of every request into a temporary folder.</source>
        <translation>把每个请求的文本写入临时文件夹。</translation>
    </message>
    <message>
        <source>Switch off everything that needs ollama.com.</source>
        <translation>关闭一切需要 ollama.com 的功能。</translation>
    </message>
    <message>
        <source>Hosts that remote models may run on, separated by commas.</source>
        <translation>可运行远程模型的主机，以逗号分隔。</translation>
    </message>
    <message>
        <source>Sign requests between client and server.</source>
        <translation>对客户端与服务器之间的请求签名。</translation>
    </message>
    <message>
        <source>Use the Modelfile&apos;s own template where a model has one.</source>
        <translation>模型的 Modelfile 自带模板时使用该模板。</translation>
    </message>
    <message>
        <source>How many parts of a safetensors model are transferred at once.</source>
        <translation>同时传输 safetensors 模型的多少个部分。</translation>
    </message>
    <message>
        <source>The server that runs cloud models.</source>
        <translation>运行云端模型的服务器。</translation>
    </message>
    <message>
        <source>Features under trial, separated by commas; client2 is another way to download models.</source>
        <translation>试用中的功能，以逗号分隔；client2 是另一种下载模型的方式。</translation>
    </message>
    <message>
        <source>Read models that were made for Ollama&apos;s own engine; 0 switches that off.</source>
        <translation>读取为 Ollama 自有引擎制作的模型；0 表示关闭。</translation>
    </message>
    <message>
        <source>MiB of each GPU&apos;s memory to leave free when layers are placed; numbers with commas are for one GPU each.</source>
        <translation>放置层时每块 GPU 应留空的显存 MiB 数；以逗号分隔的数字各对应一块 GPU。</translation>
    </message>
    <message>
        <source>How the keys of the context cache are stored; only where OLLAMA_KV_CACHE_TYPE is not set.</source>
        <translation>上下文缓存中键的存储方式；仅在未设置 OLLAMA_KV_CACHE_TYPE 时有效。</translation>
    </message>
    <message>
        <source>How the values of the context cache are stored; only where OLLAMA_KV_CACHE_TYPE is not set.</source>
        <translation>上下文缓存中值的存储方式；仅在未设置 OLLAMA_KV_CACHE_TYPE 时有效。</translation>
    </message>
    <message>
        <source>How many layers are put on the GPU, or all; the request&apos;s option num_gpu goes before it.</source>
        <translation>放到 GPU 上的层数，或 all 表示全部；请求的选项 num_gpu 优先。</translation>
    </message>
    <message>
        <source>The devices of a runner by the names in its log, such as CUDA0,CUDA1; none is the CPU.</source>
        <translation>运行器使用的设备，用其日志中的名称，例如 CUDA0,CUDA1；none 表示 CPU。</translation>
    </message>
    <message>
        <source>How a model is divided among several GPUs: by layers, by rows of each layer, or not at all.</source>
        <translation>模型如何分布到多块 GPU：按层、按每层的行，或不分。</translation>
    </message>
    <message>
        <source>The parts of a model for each GPU, such as 3,1.</source>
        <translation>每块 GPU 分得的模型比例，例如 3,1。</translation>
    </message>
    <message>
        <source>The GPU of a model that is not divided; the request&apos;s option main_gpu goes before it.</source>
        <translation>不拆分的模型所用的 GPU；请求的选项 main_gpu 优先。</translation>
    </message>
    <message>
        <source>Where single parts of a model are kept, as pattern=device.</source>
        <translation>模型的个别部分存放在何处，写作 模式=设备。</translation>
    </message>
    <message>
        <source>Rearrange weights on the CPU when they are loaded, to compute faster.</source>
        <translation>加载时重新排列 CPU 上的权重，以加快计算。</translation>
    </message>
    <message>
        <source>Read pictures on the GPU; off saves its memory.</source>
        <translation>在 GPU 上读取图片；off 可节省显存。</translation>
    </message>
    <message>
        <source>Begin a request while others of the same model are under way.</source>
        <translation>同一模型的其他请求进行时就开始新的请求。</translation>
    </message>
    <message>
        <source>Use again what a slot has read of the beginning of a prompt.</source>
        <translation>重复使用槽位已读过的提示词开头。</translation>
    </message>
    <message>
        <source>Which NVIDIA GPUs may be used, by number or identifier; -1 is none.</source>
        <translation>可使用哪些 NVIDIA GPU，用编号或标识；-1 表示都不用。</translation>
    </message>
    <message>
        <source>How NVIDIA GPUs are numbered: PCI_BUS_ID is the order that nvidia-smi shows.</source>
        <translation>NVIDIA GPU 如何编号：PCI_BUS_ID 是 nvidia-smi 显示的顺序。</translation>
    </message>
    <message>
        <source>Which AMD GPUs may be used, by number; -1 is none.</source>
        <translation>可使用哪些 AMD GPU，用编号；-1 表示都不用。</translation>
    </message>
    <message>
        <source>Which AMD GPUs may be used, by identifier or number, on Linux; -1 is none.</source>
        <translation>在 Linux 上可使用哪些 AMD GPU，用标识或编号；-1 表示都不用。</translation>
    </message>
    <message>
        <source>Take AMD GPUs for this type, such as 10.3.0 for gfx1030, on Linux.</source>
        <translation>在 Linux 上把 AMD GPU 当作此类型，例如 10.3.0 代表 gfx1030。</translation>
    </message>
    <message>
        <source>The version of JetPack on an NVIDIA Jetson, which chooses the compute library.</source>
        <translation>NVIDIA Jetson 上 JetPack 的版本，用于选择计算库。</translation>
    </message>
    <message>
        <source>Let NVIDIA GPUs use main memory when their own is full, which is slow; any value, even 0, switches it on.</source>
        <translation>NVIDIA GPU 显存用满时使用主内存，速度较慢；任何值（包括 0）都会开启。</translation>
    </message>
    <message>
        <source>Do not lock main memory for transfers to NVIDIA GPUs; any value, even 0, switches it on.</source>
        <translation>向 NVIDIA GPU 传输时不锁定主内存；任何值（包括 0）都会开启。</translation>
    </message>
    <message>
        <source>The key of ollama.com, for Ollama&apos;s commands.</source>
        <translation>ollama.com 的密钥，供 Ollama 的命令使用。</translation>
    </message>
    <message>
        <source>The editor of the command line.</source>
        <translation>命令行使用的编辑器。</translation>
    </message>
    <message>
        <source>The command line keeps no history.</source>
        <translation>命令行不保留历史记录。</translation>
    </message>
    <message>
        <source>The folder with instructions for Ollama&apos;s agent.</source>
        <translation>存放 Ollama 智能体说明的文件夹。</translation>
    </message>
    <message>
        <source>Ollama&apos;s agent runs no commands.</source>
        <translation>Ollama 的智能体不执行命令。</translation>
    </message>
    <message>
        <source>Ollama&apos;s agent does not search the web.</source>
        <translation>Ollama 的智能体不搜索网络。</translation>
    </message>
    <message>
        <source>The key that a program started by Ollama gets.</source>
        <translation>由 Ollama 启动的程序得到的密钥。</translation>
    </message>
    <message>
        <source>Where the desktop app keeps its data.</source>
        <translation>桌面应用存放数据的位置。</translation>
    </message>
    <message>
        <source>Lets web pages call the desktop app, for its developers.</source>
        <translation>允许网页调用桌面应用，供其开发者使用。</translation>
    </message>
    <message>
        <source>The address of ollama.com, for the desktop app&apos;s developers.</source>
        <translation>ollama.com 的地址，供桌面应用的开发者使用。</translation>
    </message>
    <message>
        <source>Where the desktop app looked for updates.</source>
        <translation>桌面应用曾在何处查找更新。</translation>
    </message>
    <message>
        <source>Chose Ollama&apos;s own engine.</source>
        <translation>曾用于选择 Ollama 自己的引擎。</translation>
    </message>
    <message>
        <source>Chose a way to plan memory.</source>
        <translation>曾用于选择规划内存的方式。</translation>
    </message>
    <message>
        <source>Tuned the prompt cache for several users.</source>
        <translation>曾用于针对多个用户调整提示词缓存。</translation>
    </message>
    <message>
        <source>Looked for Intel GPUs.</source>
        <translation>曾用于查找 Intel GPU。</translation>
    </message>
    <message>
        <source>Limited the GPU memory.</source>
        <translation>曾用于限制显存。</translation>
    </message>
    <message>
        <source>Where runners were unpacked.</source>
        <translation>运行器曾解压到的位置。</translation>
    </message>
    <message>
        <source>How many parts of a model the client2 of OLLAMA_EXPERIMENT downloaded at once.</source>
        <translation>OLLAMA_EXPERIMENT 的 client2 曾同时下载模型的多少部分。</translation>
    </message>
    <message>
        <source>Chose a way to compute.</source>
        <translation>曾用于选择计算方式。</translation>
    </message>
    <message>
        <source>Checked guesses of models on Apple GPUs.</source>
        <translation>曾检查 Apple GPU 上模型的推测。</translation>
    </message>
    <message>
        <source>How models on Apple GPUs guessed several tokens at once.</source>
        <translation>Apple GPU 上的模型曾如何一次推测多个词元。</translation>
    </message>
    <message>
        <source>How many tokens models on Apple GPUs guessed at first.</source>
        <translation>Apple GPU 上的模型起初推测多少词元。</translation>
    </message>
    <message>
        <source>How many tokens models on Apple GPUs guessed at most.</source>
        <translation>Apple GPU 上的模型最多推测多少词元。</translation>
    </message>
    <message>
        <source>Checked guesses of models on Apple GPUs one by one.</source>
        <translation>曾逐个检查 Apple GPU 上模型的推测。</translation>
    </message>
    <message>
        <source>Which Intel GPUs might be used.</source>
        <translation>曾用于指定可使用哪些 Intel GPU。</translation>
    </message>
    <message>
        <source>How many CPU threads a runner computes with; without a GPU the panel divides the cores among the workers.</source>
        <translation>运行器使用多少个 CPU 线程计算；没有 GPU 时，面板把核心分给各工作进程。</translation>
    </message>
    <message>
        <source>MiB of main memory that each loaded model may use to remember earlier prompts; 0 none, -1 no limit.</source>
        <translation>每个已加载的模型可用多少 MiB 主内存记住先前的提示词；0 为不用，-1 为不限制。</translation>
    </message>
    <message>
        <source>Put fewer layers on the GPU where memory does not suffice, instead of failing.</source>
        <translation>显存不足时在 GPU 上放置较少的层，而不是失败。</translation>
    </message>
    <message>
        <source>Give each runner a page of metrics on its own local port.</source>
        <translation>为每个运行器在其本地端口上提供指标页面。</translation>
    </message>
    <message>
        <source>Let all slots of a model share one context cache instead of equal parts.</source>
        <translation>让模型的所有槽位共用一个上下文缓存，而不是平均分配。</translation>
    </message>
    <message>
        <source>How many states of a conversation each slot keeps for models with a sliding window or a recurrent part.</source>
        <translation>对带滑动窗口或循环部分的模型，每个槽位保留多少个会话状态。</translation>
    </message>
    <message>
        <source>Put the conversation of an idle slot into main memory when another one needs the slot.</source>
        <translation>其他会话需要槽位时，把空闲槽位的会话移入主内存。</translation>
    </message>
    <message>
        <source>Smallest piece of an earlier prompt, in tokens, that is used again though it has moved; 0 is never.</source>
        <translation>先前提示词中即使位置改变仍可重用的最小片段（词元数）；0 为从不重用。</translation>
    </message>
    <message>
        <source>Keep the whole context of sliding-window layers: more memory, better reuse of prompts.</source>
        <translation>保留滑动窗口层的完整上下文：占用更多内存，提示词重用更好。</translation>
    </message>
    <message>
        <source>Keep the context cache in the GPU&apos;s memory.</source>
        <translation>把上下文缓存放在显存中。</translation>
    </message>
    <message>
        <source>How threads are placed on machines with several memory nodes.</source>
        <translation>在有多个内存节点的机器上如何安排线程。</translation>
    </message>
    <message>
        <source>Keep the experts of the first N layers of a mixture-of-experts model in main memory.</source>
        <translation>把混合专家模型前 N 层的专家放在主内存中。</translation>
    </message>
    <message>
        <source>Keep all experts of a mixture-of-experts model in main memory.</source>
        <translation>把混合专家模型的所有专家放在主内存中。</translation>
    </message>
    <message>
        <source>The context of all slots together.</source>
        <translation>所有槽位的上下文总和。</translation>
    </message>
    <message>
        <source>The number of slots.</source>
        <translation>槽位数。</translation>
    </message>
    <message>
        <source>Flash attention.</source>
        <translation>Flash attention。</translation>
    </message>
    <message>
        <source>How many tokens of a prompt are read at once.</source>
        <translation>一次读取提示词的多少个词元。</translation>
    </message>
    <message>
        <source>How many of them are computed at once.</source>
        <translation>其中一次计算多少个词元。</translation>
    </message>
    <message>
        <source>The model.</source>
        <translation>模型。</translation>
    </message>
    <message>
        <source>The runner&apos;s address.</source>
        <translation>运行器的地址。</translation>
    </message>
    <message>
        <source>The runner&apos;s port.</source>
        <translation>运行器的端口。</translation>
    </message>
    <message>
        <source>Which AMD GPUs may be used, by number.</source>
        <translation>可使用哪些 AMD GPU（按编号）。</translation>
    </message>
    <message>
        <source>Which Vulkan devices may be used, by number.</source>
        <translation>可使用哪些 Vulkan 设备（按编号）。</translation>
    </message>
    <message>
        <source>The proxy through which models are downloaded.</source>
        <translation>下载模型时使用的代理。</translation>
    </message>
    <message>
        <source>Better not set: it also catches the client&apos;s own requests to the server.</source>
        <translation>最好不设：它也会截获客户端发给服务器的请求。</translation>
    </message>
    <message>
        <source>Hosts that are reached without the proxy.</source>
        <translation>不经代理访问的主机。</translation>
    </message>
</context>
</TS>
